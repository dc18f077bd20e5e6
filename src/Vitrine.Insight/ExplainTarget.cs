using Vitrine.Insight.Host;
using Vitrine.Insight.Networks;
using Vitrine.Linux;

namespace Vitrine.Insight;

/// <summary>What to explain: a process of this host, and what its engine knows beyond the kernel.</summary>
public sealed record ExplainTarget
{
    public required int Pid { get; init; }

    /// <summary>Null for processes of other engines: then only the kernel is asked.</summary>
    public ContainerHints? Hints { get; init; }

    /// <summary>The host as it was when the target was found; looked at again where null.</summary>
    internal HostSnapshot? Host { get; init; }
}

/// <summary>What an engine knows of its container that the kernel does not. Every field may be missing.</summary>
public sealed record ContainerHints
{
    public string? Engine { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }

    /// <summary>The image's reference as the user gave it.</summary>
    public string? Image { get; init; }

    /// <summary>When the image was built.</summary>
    public DateTimeOffset? ImageCreated { get; init; }

    /// <summary>Where the engine keeps what does not outlive a reboot, networks in use included: /run/vitrine.</summary>
    public string? ExecRoot { get; init; }

    /// <summary>The OCI runtime that the engine starts it with: a name or a path.</summary>
    public string? Runtime { get; init; }

    /// <summary>Ports of the host that the engine's records say lead to it; an address may be missing.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>The directory that relative paths of an overlay's options are below.</summary>
    public string? LayerRoot { get; init; }

    public IReadOnlyList<LayerHint> Layers { get; init; } = [];
    public IReadOnlyList<VolumeHint> Volumes { get; init; } = [];

    /// <summary>The bundle's config.json, which names the seccomp rules and the allowed devices.</summary>
    public string? SpecPath { get; init; }

    /// <summary>Entries of the environment that come from the image: what is secret there, everyone who pulls it has.</summary>
    public IReadOnlyList<string> ImageEnvironment { get; init; } = [];

    /// <summary>Files of the engine that repeat environment and arguments in clear (config.json, container.json).</summary>
    public IReadOnlyList<string> FilesWithEnvironment { get; init; } = [];
}

/// <summary>A layer of the image: the directory it is unpacked in, and where it comes from.</summary>
public sealed record LayerHint
{
    public required string Directory { get; init; }
    public string? Digest { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>Whether no image has it: the engine made it for the container.</summary>
    public bool ByEngine { get; init; }

    /// <summary>Bytes unpacked; measured where null.</summary>
    public long? SizeBytes { get; init; }
}

/// <summary>A named volume's directory on the host.</summary>
public sealed record VolumeHint
{
    public required string Name { get; init; }
    public required string Directory { get; init; }
}

/// <summary>How to explain.</summary>
public sealed record ExplainOptions
{
    /// <summary>Put before every absolute path of the host that is read; empty for the real host, a plain tree in tests.</summary>
    public string HostRoot { get; init; } = "";

    /// <summary>Show secrets in clear.</summary>
    public bool RevealSecrets { get; init; }

    /// <summary>How long the files of layers may be counted, all layers together; what is not counted by then is said to be incomplete.</summary>
    public TimeSpan LayerBudget { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>Leaves out what rules do not ask: use of resources, limits of the process, its sockets, sizes of layers.</summary>
    internal bool OnlySettings { get; init; }

    /// <summary>What is the same for several containers; null where each is to be read anew.</summary>
    internal HostView? View { get; init; }

    /// <summary>Finds the pairs of interfaces between a process's network namespace and this one.</summary>
    internal Func<int, IReadOnlyList<NetworkPair>> NetworkPairs { get; init; } = Networks.NetworkPairs.Of;

    /// <summary>Asks a process's uts namespace for its names.</summary>
    internal Func<int, (string Host, string Domain)?> HostNames { get; init; } = pid => UtsNamespace.Names($"/proc/{pid}/ns/uts");

    /// <summary>The records of the kernel's log.</summary>
    internal Func<IEnumerable<string>> KernelRecords { get; init; } = Cgroups.OomHistory.Records;

    /// <summary>Lists the published ports of this network namespace.</summary>
    internal Func<IReadOnlyList<PublishedPort>> PublishedPorts { get; init; } = PortMaps.All;
}
