using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Running;

/// <summary>Docker's options of run and create that would be promises this version cannot keep.</summary>
internal static class RefusedFlags
{

    public static void AddTo(FlagSet flags)
    {
        Add(flags, "list", "is not offered: the kernel gives link-local addresses", "link-local-ip");
        foreach (var name in (string[])["cpu-count", "cpu-percent", "io-maxbandwidth", "io-maxiops"])
            flags.Add(new RefusedFlag(name, Flag.None, "string", "is for Windows containers") { IsDockers = true });
        flags.Add(new ValueFlag<string>("isolation", Flag.None, "string", "Container isolation technology: default", ParseIsolation) { IsHidden = true });
        flags.Add(new ValueFlag<string>("kernel-memory", Flag.None, "bytes", "Kernel memory limit (deprecated)", static text => text)
        {
            IsHidden = true,
        });
        flags.Add(new ValueFlag<string>("runtime", Flag.None, "string", "Runtime to use for this container: vitrine, by this or docker's name", ParseRuntime));
        Add(flags, "gpu-request", "asks a device driver, and Vitrine has none: name the devices with --device", "gpus");
        Add(flags, "list", "is not supported by overlay directories", "storage-opt");
        Add(flags, "", "is not offered: mount the socket with --volume /run/vitrine/docker.sock:/var/run/docker.sock", "use-api-socket");
        flags.Add(new ContentTrustFlag());
    }

    private static string ParseIsolation(string text) =>
        text is "" or "default" ? text : throw new FlagValueException($"invalid isolation '{text}' on Linux: only 'default' is supported");

    private static string ParseRuntime(string text) => text is "" or "vitrine" or "runc" or "io.containerd.runc.v2"
        ? text
        : throw new FlagValueException($"unknown or invalid runtime name: {text}: Vitrine is its own runtime");

    private static void Add(FlagSet flags, string typeName, string reason, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            flags.Add(new RefusedFlag(name, Flag.None, typeName, reason));
    }
}
