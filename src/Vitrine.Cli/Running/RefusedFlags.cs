using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Running;

/// <summary>Docker's options of run and create that would be promises this version cannot keep.</summary>
internal static class RefusedFlags
{

    public static void AddTo(FlagSet flags)
    {
        Add(flags, "list", "is not offered: the kernel gives link-local addresses", "link-local-ip");
        Add(flags, "string", "is for Windows containers", "cpu-count", "cpu-percent", "io-maxbandwidth", "io-maxiops", "isolation");
        Add(flags, "bytes", "is a limit that Linux no longer has", "kernel-memory");
        Add(flags, "gpu-request", "needs device requests, which come with a later version", "gpus");
        Add(flags, "list", "is not supported by overlay directories", "storage-opt");
        Add(flags, "string", "is not offered: Vitrine is its own runtime", "runtime");
        Add(flags, "", "needs the API server, which comes with a later version", "use-api-socket");
        // Content is always verified by digest, signatures never: to ask for no signatures is granted.
        flags.Add(new BoolFlag("disable-content-trust", Flag.None, "Skip image verification") { IsHidden = true, Value = true });
    }

    private static void Add(FlagSet flags, string typeName, string reason, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            flags.Add(new RefusedFlag(name, Flag.None, typeName, reason));
    }
}
