using System.Runtime.InteropServices;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>libseccomp, asked to build the same filter: the second opinion on ours.</summary>
internal static unsafe class LibSeccomp
{
    private const string Library = "libseccomp.so.2";
    private const int BadArchitectureAttribute = 2;
    private const int OptimizeAttribute = 8;

    /// <summary>The native number (or pseudo number) of a call, or -1 where libseccomp does not know it.</summary>
    public static int Resolve(string name) => seccomp_syscall_resolve_name(name);

    /// <summary>The number of a call in one ABI: negative where it has none or libseccomp gives it another meaning.</summary>
    public static int Resolve(SeccompArchitecture architecture, string name) =>
        seccomp_syscall_resolve_name_arch(Token(architecture), name);

    public static void AssertInstalled()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            Assert.Fail($"{Library} is missing: these tests compare with it. Run ./test, which installs it, or: apt-get install libseccomp2");
    }

    /// <summary>Builds and exports a filter, or returns null where libseccomp refuses a rule.</summary>
    public static byte[]? Build(SeccompFilter filter, bool optimize = false)
    {
        var context = seccomp_init(filter.DefaultAction.Value);
        Assert.NotEqual(0, context);
        try
        {
            Assert.Equal(0, seccomp_attr_set(context, BadArchitectureAttribute, filter.ForeignArchitectureAction.Value));
            if (optimize)
                Assert.Equal(0, seccomp_attr_set(context, OptimizeAttribute, 2));
            SetArchitectures(context, filter);
            foreach (var rule in filter.Rules)
            {
                if (rule.Action != filter.DefaultAction && !Add(context, rule))
                    return null;
            }

            return Export(context);
        }
        finally
        {
            seccomp_release(context);
        }
    }

    private static void SetArchitectures(nint context, SeccompFilter filter)
    {
        foreach (var architecture in filter.Architectures.Where(listed => listed != SeccompArchitecture.X64))
            Assert.Equal(0, seccomp_arch_add(context, Token(architecture)));
        if (!filter.Architectures.Contains(SeccompArchitecture.X64))
            Assert.Equal(0, seccomp_arch_remove(context, Token(SeccompArchitecture.X64)));
    }

    private static bool Add(nint context, SeccompRule rule)
    {
        var tests = Array.ConvertAll(rule.Tests, test => new Compare(test));
        foreach (var name in rule.Names)
        {
            var number = Resolve(name);
            if (number == -1)
                continue;
            fixed (Compare* first = tests)
            {
                if (seccomp_rule_add_array(context, rule.Action.Value, number, (uint)tests.Length, first) != 0)
                    return false;
            }
        }

        return true;
    }

    private static byte[] Export(nint context)
    {
        var path = Path.Combine(Path.GetTempPath(), $"libseccomp-{Vitrine.Linux.Entropy.NewId()}");
        try
        {
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
                Assert.Equal(0, seccomp_export_bpf(context, (int)file.DangerousGetHandle()));
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // On x86-64; the AUDIT_ARCH value, but for x32, which the kernel does not tell apart by it.
    private static uint Token(SeccompArchitecture architecture) =>
        architecture == SeccompArchitecture.X32 ? 0x4000003E : architecture.AuditValue();

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Compare
    {
        public readonly uint Argument;
        public readonly int Operation;
        public readonly ulong A;
        public readonly ulong B;

        public Compare(ArgumentTest test)
        {
            Argument = test.Index;
            Operation = (int)test.Comparison + 1;
            (A, B) = test.Comparison == Comparison.MaskedEqual ? (test.Mask, test.Value) : (test.Value, 0);
        }
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // a handful of imports for tests, under their C names
    [DllImport(Library)]
    private static extern nint seccomp_init(uint defaultAction);

    [DllImport(Library)]
    private static extern void seccomp_release(nint context);

    [DllImport(Library)]
    private static extern int seccomp_attr_set(nint context, int attribute, uint value);

    [DllImport(Library)]
    private static extern int seccomp_arch_add(nint context, uint token);

    [DllImport(Library)]
    private static extern int seccomp_arch_remove(nint context, uint token);

    [DllImport(Library)]
    private static extern int seccomp_rule_add_array(nint context, uint action, int call, uint count, Compare* tests);

    [DllImport(Library)]
    private static extern int seccomp_export_bpf(nint context, int fd);

    [DllImport(Library)]
    private static extern int seccomp_syscall_resolve_name([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport(Library)]
    private static extern int seccomp_syscall_resolve_name_arch(uint token, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
