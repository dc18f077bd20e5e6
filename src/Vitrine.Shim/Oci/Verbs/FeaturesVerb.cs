using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>features: what the runtime understands, whatever this host can do of it (runtime-spec features.md).</summary>
internal static class FeaturesVerb
{
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
            .Texts("mountOptions", RuntimeFeatures.Mounts)
            .Object("linux")
            .Texts("namespaces", RuntimeFeatures.Namespaces)
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
        .Texts("actions", RuntimeFeatures.SeccompActions)
        .Texts("operators", RuntimeFeatures.SeccompOperators)
        .Texts("archs", RuntimeFeatures.SeccompArchs)
        .Texts("knownFlags", RuntimeFeatures.SeccompFlags)
        .Texts("supportedFlags", RuntimeFeatures.SeccompFlags)
        .EndObject();
}
