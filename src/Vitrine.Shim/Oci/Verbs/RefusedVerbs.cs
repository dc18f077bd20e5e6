using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>checkpoint and restore, which are not done: refused by name, whatever their flags.</summary>
internal static class RefusedVerbs
{
    public static Verb Checkpoint { get; } = Refused("checkpoint", "checkpoint a running container (not supported)");

    public static Verb Restore { get; } = Refused("restore", "restore a container from a previous checkpoint (not supported)");

    private static Verb Refused(string name, string summary) => new(name, summary, "<container-id>", [], 0, int.MaxValue, (_, _) =>
        throw new VitrineException(ErrorKind.NotImplemented, $"{name} is not supported: vitrine-oci has no CRIU; use runc for containers that must be checkpointed"))
    {
        TakesAnything = true,
    };
}
