using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;
using static Vitrine.Runtime.Kernel;

namespace Vitrine.Runtime;

/// <summary>Settings of the new namespaces: names, kernel parameters, the loopback interface.</summary>
internal static class KernelSteps
{
    private static readonly string[] s_ipcSysctls =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
        "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
    ];

    public static void Emit(ProgramBuilder b, Spec spec, NamespacePlan plan)
    {
        Names(b, spec, plan);
        if (plan.Makes(NamespaceKind.Network))
            LoopbackUp(b);
        foreach (var (key, value) in spec.Linux?.Sysctl ?? new Dictionary<string, string>())
            Set(b, key, value, plan);
    }

    private static void Names(ProgramBuilder b, Spec spec, NamespacePlan plan)
    {
        if (string.IsNullOrEmpty(spec.Hostname) && string.IsNullOrEmpty(spec.Domainname))
            return;
        if (!plan.Has(NamespaceKind.Uts))
            throw new VitrineException(ErrorKind.Invalid, "unable to set hostname without a private UTS namespace");
        SetName(b, Syscall.sethostname, "hostname", spec.Hostname);
        SetName(b, Syscall.setdomainname, "domainname", spec.Domainname);
    }

    private static void SetName(ProgramBuilder b, Syscall call, string what, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        b.Step($"set {what}", name);
        b.Call(call, b.Text(name), System.Text.Encoding.UTF8.GetByteCount(name));
    }

    private static void LoopbackUp(ProgramBuilder b)
    {
        b.Step("bring the loopback interface up");
        var socket = b.Keep(Syscall.socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        var request = new InterfaceRequest { ifr_name = BitConverter.ToUInt64("lo\0\0\0\0\0\0"u8), ifr_flags = IFF_UP | IFF_RUNNING };
        b.Call(Syscall.ioctl, socket, SIOCSIFFLAGS, b.Struct(request));
        b.Close(socket);
    }

    private static void Set(ProgramBuilder b, string key, string value, NamespacePlan plan)
    {
        var name = Normalize(key);
        if (!IsNamespaced(name, plan))
            throw new VitrineException(ErrorKind.Invalid, $"sysctl \"{key}\" is not in a separate kernel namespace");
        b.Step($"set sysctl {name}", value);
        b.WriteProc("sys/" + ToPath(name), value);
    }

    /// <summary>With dots between the parts; where slashes part them, for a name with a dot in it, the two change places (sysctl.d(5)).</summary>
    private static string Normalize(string key)
    {
        var separator = key.AsSpan().IndexOfAny('.', '/');
        return separator >= 0 && key[separator] == '/' ? Swap(key) : key;
    }

    private static string ToPath(string name) => Swap(name);

    private static string Swap(string text) =>
        string.Create(text.Length, text, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = from[i] switch { '.' => '/', '/' => '.', var c => c };
        });

    /// <summary>Whether the parameter is one of a namespace that the container does not share with the host.</summary>
    private static bool IsNamespaced(string name, NamespacePlan plan)
    {
        // A part that is "..", or empty, would leave the branch it seems to be in.
        if (ToPath(name).Split('/').Any(part => part is "" or "." or ".."))
            return false;
        if (name.StartsWith("net.", StringComparison.Ordinal))
            return plan.Has(NamespaceKind.Network);
        if (name.StartsWith("fs.mqueue.", StringComparison.Ordinal) || s_ipcSysctls.Contains(name))
            return plan.Has(NamespaceKind.Ipc);
        return name is "kernel.domainname" or "kernel.hostname" && plan.Has(NamespaceKind.Uts);
    }
}
