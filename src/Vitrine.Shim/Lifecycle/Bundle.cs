using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Runtime;
using Vitrine.Shim.Networking;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Lifecycle;

/// <summary>What the engine prepared: the plan, the OCI configuration, and the setup program compiled from both.</summary>
internal sealed class Bundle
{
    /// <summary>A configuration is some ten kilobytes; this much still fits in the shim's small heap.</summary>
    private const long MaxFileSize = 3 << 20;

    private Bundle(ShimPlan plan, Spec spec, ContainerNetwork? network)
    {
        Plan = plan;
        Network = network;
        Spec = spec;
        Layout = CgroupLayout.Read();
        Program = SetupCompiler.Compile(spec, new SetupOptions
        {
            BundlePath = BundlePath,
            RootfsMountPoint = Path.Join(plan.ContainerDirectory, "rootfs"),
            Overlay = plan.Overlay is { } overlay ? new OverlayRoot(overlay.Lower, overlay.Upper, overlay.Work) : null,
            Init = plan.Init,
            ContainerId = plan.Id,
            Cgroups = Layout,
        });
    }

    public ShimPlan Plan { get; private set; }

    /// <summary>The OCI bundle's directory.</summary>
    public string BundlePath => Path.Join(Plan.ContainerDirectory, "bundle");

    public Spec Spec { get; }

    /// <summary>The container's network; null where it has none of its own, or joins one that has nothing in it.</summary>
    public ContainerNetwork? Network { get; }

    public SetupProgram Program { get; }

    public CgroupLayout Layout { get; }

    /// <summary>Reads and compiles.</summary>
    /// <exception cref="VitrineException">A file cannot be read, is malformed, or asks for what cannot be; the message names it.</exception>
    /// <param name="plan">The plan.</param>
    /// <param name="network">What was set up for it; null for nothing.</param>
    public static Bundle Load(ShimPlan plan, ContainerNetwork? network)
    {
        var path = ConfigPath(plan);
        var spec = Parse(path, static text => SpecReader.Read(text));
        if (spec.Process is null)
            throw new VitrineException(ErrorKind.Invalid, $"{path}: process is missing");
        if (spec.Process.Terminal != plan.Tty)
            throw new VitrineException(ErrorKind.Invalid, $"{path}: process.terminal is not what the plan says");
        return new Bundle(plan, network is null ? spec : In(network.NamespacePath, spec), network);
    }

    /// <summary>The configuration with the network namespace that was made for it.</summary>
    private static Spec In(string path, Spec spec)
    {
        var namespaces = new List<Namespace>();
        foreach (var space in spec.Linux?.Namespaces ?? [])
            namespaces.Add(space.Type == "network" ? space with { Path = path } : space);
        return spec with { Linux = (spec.Linux ?? new LinuxSpec()) with { Namespaces = namespaces } };
    }

    /// <summary>The limits that config.json has now, without the devices, which do not change; null where it has none.</summary>
    /// <exception cref="VitrineException">It cannot be read or is malformed.</exception>
    public Resources? ReadLimits() =>
        Parse(ConfigPath(Plan), static text => SpecReader.Read(text)).Linux?.Resources is { } resources ? resources with { Devices = null } : null;

    /// <summary>Takes over what the engine has changed of the plan; the process that runs was started by the old one.</summary>
    /// <exception cref="VitrineException">It cannot be read or is malformed.</exception>
    public void Reload()
    {
        var plan = LoadPlan(Path.Join(Plan.ContainerDirectory, "plan.json"));
        Plan = Plan with
        {
            Restart = plan.Restart,
            StopSignal = plan.StopSignal,
            StopTimeout = plan.StopTimeout,
            RemoveWith = plan.RemoveWith,
            Attributes = plan.Attributes,
        };
    }

    /// <summary>Reads plan.json.</summary>
    /// <exception cref="VitrineException">It cannot be read or is malformed.</exception>
    public static ShimPlan LoadPlan(string path)
    {
        var plan = Parse(path, static text => ShimCodec.ReadPlan(text));
        if (!Path.IsPathRooted(plan.ContainerDirectory) || !Path.IsPathRooted(plan.RunDirectory))
            throw new VitrineException(ErrorKind.Invalid, $"{path}: directories must be absolute");
        if (plan.Restart.Policy is not ("no" or "" or "on-failure" or "always" or "unless-stopped"))
            throw new VitrineException(ErrorKind.Invalid, $"{path}: no such restart policy: {plan.Restart.Policy}");
        if (plan.Log.Driver is not ("json-file" or "none"))
            throw new VitrineException(ErrorKind.Invalid, $"{path}: no such log driver: {plan.Log.Driver}");
        if (plan.Log.MaxSize < 0 || plan.Log.MaxFiles < 1)
            throw new VitrineException(ErrorKind.Invalid, $"{path}: impossible log limits");
        return plan;
    }

    private static string ConfigPath(ShimPlan plan) => Path.Join(plan.ContainerDirectory, "bundle", "config.json");

    private delegate T Reader<out T>(ReadOnlySpan<byte> text);

    private static T Parse<T>(string path, Reader<T> read)
    {
        try
        {
            using var file = Fd.Open(path, OpenFlags.ReadOnly);
            var size = RandomAccess.GetLength(file);
            if (size > MaxFileSize)
                throw new VitrineException(ErrorKind.Invalid, $"{path}: {size} bytes are more than the {MaxFileSize} it may have");
            var text = new byte[size];
            return read(text.AsSpan(0, RandomAccess.Read(file, text, 0)));
        }
        catch (LinuxException e)
        {
            throw new VitrineException(ErrorKind.Invalid, e.Message, e);
        }
        catch (JsonException e)
        {
            throw JsonProblem.In(path, e);
        }
    }
}
