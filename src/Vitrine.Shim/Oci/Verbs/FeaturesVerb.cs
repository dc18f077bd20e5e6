using Vitrine.Linux;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>features: what the runtime understands, whatever this host can do of it (runtime-spec features.md).</summary>
internal static class FeaturesVerb
{
    private static readonly string[] s_mountOptions =
    [
        "async", "atime", "bind", "copy-symlink", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand",
        "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid",
        "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev",
        "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw",
        "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid",
        "symfollow", "sync", "tmpcopyup", "unbindable",
    ];

    private static readonly string[] s_flags =
    [
        "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ];

    public static Verb Features { get; } = new("features", "show the enabled features", "", [], 0, 0, static (_, _) =>
    {
        OciContext.Print(Text() + "\n");
        return 0;
    });

    private static string Text()
    {
        var json = new JsonText(indented: true).Object()
            .Text("ociVersionMin", "1.0.0")
            .Text("ociVersionMax", VersionText.SpecVersion)
            .Texts("hooks", ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
            .Texts("mountOptions", s_mountOptions)
            .Object("linux")
            .Texts("namespaces", ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"])
            .Texts("capabilities", CapabilitySet.AllNamed.ToNames())
            .Object("cgroup").Flag("v1", true).Flag("v2", true).Flag("systemd", true).Flag("systemdUser", true).Flag("rdma", true).EndObject();
        Seccomp(json);
        json.Object("apparmor").Flag("enabled", true).EndObject()
            .Object("selinux").Flag("enabled", true).EndObject()
            .Object("intelRdt").Flag("enabled", true).EndObject()
            .Object("netDevices").Flag("enabled", true).EndObject()
            .Object("mountExtensions").Object("idmap").Flag("enabled", true).EndObject().EndObject()
            .EndObject();
        return json.Object("annotations")
            .Text("io.vitrine.version", VersionText.Version)
            .Text("org.opencontainers.runc.checkpoint.enabled", "false")
            .EndObject().EndObject().ToString();
    }

    private static void Seccomp(JsonText json) => json.Object("seccomp")
        .Flag("enabled", true)
        .Texts("actions",
        [
            "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG",
            "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP",
        ])
        .Texts("operators",
        [
            "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE",
        ])
        .Texts("archs", ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"])
        .Texts("knownFlags", s_flags)
        .Texts("supportedFlags", s_flags)
        .EndObject();
}
