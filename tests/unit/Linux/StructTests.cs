using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Vitrine.Linux;
using Vitrine.Linux.Seccomp;
using Vitrine.Tests.Unit.Linux.Abi;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

/// <summary>
/// Asks the C compiler whether every struct, constant and system call number that we declare again is what the headers say: each is
/// a _Static_assert in a generated program. What is checked is listed in <see cref="KernelDeclarations"/>.
/// </summary>
public sealed partial class StructTests
{
    [Fact]
    public void Structs_HaveSizeAndOffsetsOfTheHeaders()
    {
        var program = new StringBuilder();
        foreach (var row in KernelDeclarations.Structs)
        {
            var type = ManagedLayout.Find(row.Type);
            AssertThat(program, $"sizeof {row.Type}", row.SizeFrom ?? $"sizeof({row.C})", ManagedLayout.SizeOf(type));
            var names = row.Fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
            foreach (var field in ManagedLayout.FieldsOf(type))
            {
                if (names.GetValueOrDefault(field.Name, field.Name) is { Length: > 0 } theirs)
                    AssertThat(program, $"{row.Type}.{field.Name}", $"offsetof({row.C}, {theirs})", ManagedLayout.OffsetOf(field));
            }
        }

        Compile(program);
    }

    [Fact]
    public void Constants_AreThoseOfTheHeaders()
    {
        var program = new StringBuilder();
        foreach (var row in KernelDeclarations.Constants)
        {
            var (name, value) = ManagedLayout.ConstantsOf(ManagedLayout.Find(row.Type)).SingleOrDefault(constant => constant.Name == row.Member);
            Assert.True(name is not null, $"{row.Type} has no constant {row.Member}: correct KernelDeclarations");
            AssertThat(program, $"{row.Type}.{name}", row.C, value);
        }

        foreach (var condition in KernelDeclarations.Conditions)
            program.AppendLine(CultureInfo.InvariantCulture, $"_Static_assert({condition}, \"{condition}\");");
        for (var resource = 0; resource < Rlimits.Count; resource++)
            AssertThat(program, "Rlimits", Rlimits.Name(resource), resource);
        for (var signal = 1; signal <= 31; signal++)
            AssertThat(program, "Signals", Signals.Name(signal), signal);
        Compile(program);
    }

    /// <summary>CAP_KILL, EPERM, PR_SET_NAME: what carries the kernel's name must carry its value.</summary>
    [Fact]
    public void ConstantsUnderTheKernelsNames_AreThoseOfTheHeaders()
    {
        var program = new StringBuilder();
        var count = 0;
        foreach (var type in ManagedLayout.Types.Where(type => !IsOwnEnum(type)))
        {
            foreach (var (name, value) in ManagedLayout.ConstantsOf(type).Where(constant => KernelName().IsMatch(constant.Name)))
            {
                // glibc's SIGRTMIN and SIGRTMAX are calls.
                if (name is "SIGRTMIN" or "SIGRTMAX")
                    continue;
                AssertThat(program, type.FullName!, name, value);
                count++;
            }
        }

        Assert.True(count > 200, $"only {count} constants were found");
        Compile(program);
    }

    [Fact]
    public void SyscallNumbers_AreThoseOfTheHeaders()
    {
        foreach (var (architecture, header, bit) in new[] { (SeccompArchitecture.X64, "unistd_64.h", 0L), (SeccompArchitecture.X86, "unistd_32.h", 0L), (SeccompArchitecture.X32, "unistd_x32.h", 0x40000000L) })
        {
            var program = new StringBuilder($"#include <asm/{header}>\n#define __X32_SYSCALL_BIT {bit}\n");
            for (var id = 0; id < SyscallTable.Count; id++)
            {
                var name = SyscallTable.Name(id);
                program.AppendLine(CultureInfo.InvariantCulture, $"#ifdef __NR_{name}");
                if (SyscallTable.TryGetNumber(architecture, id, out var number))
                    AssertThat(program, name, $"__NR_{name}", number);
                else
                    program.AppendLine(CultureInfo.InvariantCulture, $"#error {name} is missing");
                program.AppendLine("#endif");
            }

            Compile(program, "");
        }
    }

    [Theory]
    [InlineData("X64", SeccompArchitecture.X64)]
    [InlineData("Arm64", SeccompArchitecture.Arm64)]
    public void SyscallNumber_OfEveryCall_IsThatOfTheTables(string method, SeccompArchitecture architecture)
    {
        var numberOf = typeof(SyscallNumber).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Func<Syscall, int>>();
        for (var call = Syscall.None + 1; call < Syscall.Last; call++)
        {
            var id = SyscallTable.Find(call.ToString());
            Assert.True(SyscallTable.TryGetNumber(architecture, id, out var number), call.ToString());
            Assert.Equal((int)number, numberOf(call));
        }
    }

    [Fact]
    public void EveryStruct_IsCheckedOrSaidToBeOurOwn()
    {
        var known = KernelDeclarations.Structs.Select(row => row.Type).Concat(KernelDeclarations.OwnStructs).Select(name => $"Vitrine.{name}").ToHashSet();

        var missing = ManagedLayout.PlainStructs().Select(type => type.FullName!).Except(known).ToList();

        Assert.True(missing.Count == 0, $"add to KernelDeclarations.Structs, or to OwnStructs where C has no such thing: {string.Join(", ", missing)}");
    }

    [Fact]
    public void EveryMemberOfAKernelEnum_IsChecked()
    {
        var rows = KernelDeclarations.Constants.Select(row => $"Vitrine.{row.Type}.{row.Member}").ToHashSet();
        var missing = ManagedLayout.Types
            .Where(type => type.IsEnum && type.Assembly == typeof(Errno).Assembly && !IsOwnEnum(type))
            .SelectMany(type => ManagedLayout.ConstantsOf(type).Select(constant => (Name: $"{type.FullName}.{constant.Name}", constant)))
            .Where(member => Convert.ToDecimal(member.constant.Value, CultureInfo.InvariantCulture) != 0 && !KernelName().IsMatch(member.constant.Name) && !rows.Contains(member.Name))
            .Select(member => member.Name).ToList();

        Assert.True(missing.Count == 0, $"add to KernelDeclarations.Constants, or the enum to OwnEnums where C has no such thing: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Compile_WrongDeclaration_IsNoticed()
    {
        var program = new StringBuilder();
        AssertThat(program, "a lie", "EPERM", 2);

        Assert.Contains("a lie", Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compile(program)).Message);
    }

    private static bool IsOwnEnum(Type type) => KernelDeclarations.OwnEnums.Any(name => type.FullName == $"Vitrine.{name}");

    private static void AssertThat(StringBuilder program, string what, string expression, object value)
    {
        var literal = Convert.ToString(value, CultureInfo.InvariantCulture);
        program.AppendLine(CultureInfo.InvariantCulture,
            $"_Static_assert(({expression}) == {literal}{(value is ulong or nuint ? "UL" : "L")}, \"{what}: {expression} is not {literal}\");");
    }

    private static void Compile(StringBuilder program, string headers = KernelDeclarations.Headers)
    {
        var start = new ProcessStartInfo("gcc", ["-fsyntax-only", "-x", "c", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var compiler = Start(start);
        compiler.StandardInput.Write(headers + "\n" + program);
        compiler.StandardInput.Close();
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException("gcc is missing: run ./test, which installs it, or: apt-get install gcc libc6-dev libzstd-dev", error);
        }
    }

    // CAP_KILL, SIGTERM, EPERM, EIO: capitals all through.
    [GeneratedRegex("^[A-Z][A-Z0-9_]{2,}$")]
    private static partial Regex KernelName();
}
