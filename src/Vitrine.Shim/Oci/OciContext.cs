using System.Text;
using Vitrine.Linux;
using Vitrine.Runtime.Containers;

namespace Vitrine.Shim.Oci;

/// <summary>What all verbs have: the containers, the log, the global flags.</summary>
internal sealed record OciContext(ContainerStore Store, OciLog Log)
{
    /// <summary>Whether cgroups are asked of systemd.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>Whether this user may lack rights to cgroups.</summary>
    public bool Rootless { get; init; }

    /// <summary>For tests of crashes.</summary>
    public CrashPoint Crash { get; init; } = CrashPoint.Never;

    /// <summary>Writes to stdout.</summary>
    public static void Print(string text) => Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(text));
}
