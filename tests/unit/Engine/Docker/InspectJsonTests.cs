using System.Text;
using System.Text.Json;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Docker;

/// <summary>The writer without a model must write what the serializer writes.</summary>
public sealed class InspectJsonTests
{
    [Fact]
    public void Write_FullContainer_IsTheSerializersJson()
    {
        Assert.Equal(JsonSerializer.Serialize(Container, DockerJson.Indented.ContainerInspect), Text(InspectJson.Write(Container, indented: true)));
    }

    [Fact]
    public void Write_SparseContainer_IsTheSerializersJson()
    {
        var sparse = Container with { Config = new ContainerConfig(), HostConfig = new HostConfig(), Mounts = [], NetworkSettings = new NetworkSettings(), ExecIds = null };

        Assert.Equal(JsonSerializer.Serialize(sparse, DockerJson.Indented.ContainerInspect), Text(InspectJson.Write(sparse, indented: true)));
    }

    [Fact]
    public void Write_Image_IsTheSerializersJson()
    {
        Assert.Equal(JsonSerializer.Serialize(Image, DockerJson.Indented.ImageInspect), Text(InspectJson.Write(Image, indented: true)));
        Assert.Equal(JsonSerializer.Serialize(Image with { Config = new ImageConfigInfo() }, DockerJson.Indented.ImageInspect),
            Text(InspectJson.Write(Image with { Config = new ImageConfigInfo() }, indented: true)));
    }

    [Fact]
    public void Write_Compact_IsOneLine()
    {
        var json = Text(InspectJson.Write(Container, indented: false));

        Assert.DoesNotContain('\n', json);
        Assert.Contains("\"Args\":[\"-c\",\"é <b> & 'x'\"]", json, StringComparison.Ordinal);
    }

    private static ContainerInspect Container { get; } = new()
    {
        Id = new string('a', 64),
        Created = "2026-01-31T12:00:00.1234567Z",
        Path = "sh",
        Args = ["-c", "é <b> & 'x'"],
        State = new ContainerStateInfo { Status = "running", Running = true, Pid = 42, Health = new Health { Status = "healthy", Log = [new HealthcheckResult { Start = "a", End = "b" }] } },
        Image = "sha256:1",
        Name = "/glass",
        ExecIds = ["1", "2"],
        SizeRw = 1,
        SizeRootFs = 2,
        HostConfig = new HostConfig
        {
            Binds = ["/a:/b"],
            LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "1m" } },
            PortBindings = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = [new PortBinding { HostPort = "80" }], ["81/tcp"] = null },
            RestartPolicy = new RestartPolicy { Name = "always" },
            ConsoleSize = [24, 80],
            CapAdd = ["SYS_PTRACE"],
            Annotations = new Dictionary<string, string> { ["a"] = "b" },
            Tmpfs = new Dictionary<string, string> { ["/t"] = "size=1m" },
            Sysctls = new Dictionary<string, string> { ["net.x"] = "1" },
            StorageOpt = new Dictionary<string, string> { ["size"] = "1" },
            Runtime = "runc",
            MemorySwappiness = 5,
            OomKillDisable = false,
            PidsLimit = 10,
            Init = true,
            KernelMemory = 3,
            KernelMemoryTcp = 4,
            IoMaximumIops = ulong.MaxValue,
            Ulimits = [new Ulimit { Name = "nofile", Soft = 1, Hard = -1 }],
            Devices = [new DeviceMapping { PathOnHost = "/dev/fuse" }],
            DeviceRequests = [new DeviceRequest { Capabilities = [["gpu"]], DeviceIds = ["0"] }],
            BlkioWeightDevice = [new WeightDevice { Path = "/dev/sda", Weight = 10 }],
            BlkioDeviceReadBps = [new ThrottleDevice { Path = "/dev/sda", Rate = 5 }],
            MaskedPaths = [],
            Mounts =
            [
                new Mount
                {
                    Type = "volume",
                    Target = "/d",
                    VolumeOptions = new VolumeOptions { NoCopy = true, Labels = new Dictionary<string, string> { ["l"] = "1" }, DriverConfig = new VolumeDriverConfig { Name = "local" } },
                    TmpfsOptions = new TmpfsOptions { SizeBytes = 1, Mode = 511, Options = [["exec"]] },
                    BindOptions = new BindOptions { Propagation = "rprivate", NonRecursive = true },
                    ImageOptions = new ImageMountOptions { Subpath = "s" },
                },
            ],
        },
        GraphDriver = new DriverData { Name = "overlay2", Data = new Dictionary<string, string> { ["UpperDir"] = "/u" } },
        Mounts = [new MountPoint { Type = "volume", Name = "v", Source = "/s", Destination = "/d", Driver = "local", Rw = true }],
        Config = new ContainerConfig
        {
            Hostname = "h",
            Env = ["A=1"],
            Cmd = ["sh"],
            Entrypoint = ["/e"],
            Labels = new Dictionary<string, string> { ["a"] = "1" },
            ExposedPorts = new Dictionary<string, EmptyObject> { ["80/tcp"] = default },
            Volumes = new Dictionary<string, EmptyObject> { ["/v"] = default },
            Healthcheck = new HealthConfig { Test = ["CMD", "x"], Interval = 5 },
            StopSignal = "SIGTERM",
            StopTimeout = 3,
            Shell = ["/bin/sh", "-c"],
        },
        NetworkSettings = new NetworkSettings
        {
            Ports = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = null },
            Networks = new Dictionary<string, EndpointSettings> { ["none"] = new() { IpamConfig = new EndpointIpamConfig { Ipv4Address = "10.0.0.2" }, Aliases = ["x"] } },
            SecondaryIpAddresses = [new NetworkAddress { Addr = "10.0.0.3", PrefixLen = 24 }],
        },
    };

    private static ImageInspect Image { get; } = new()
    {
        Id = "sha256:2",
        RepoTags = ["a:1"],
        RepoDigests = ["a@sha256:3"],
        Created = "2026-01-31T12:00:00Z",
        Config = new ImageConfigInfo
        {
            User = "u",
            Env = ["A=1"],
            Cmd = ["sh"],
            Entrypoint = ["e"],
            ExposedPorts = new Dictionary<string, EmptyObject> { ["80/tcp"] = default },
            Labels = new Dictionary<string, string> { ["a"] = "<b>" },
            Healthcheck = new HealthConfig { Retries = 2 },
            OnBuild = ["RUN x"],
        },
        Architecture = "amd64",
        Variant = "v1",
        Os = "linux",
        Size = 5,
        GraphDriver = new DriverData { Name = "overlay2" },
        RootFs = new ImageRootFs { Layers = ["sha256:4"] },
        Metadata = new ImageMetadata(),
        Descriptor = new DescriptorInfo { MediaType = "m", Digest = "sha256:5", Size = 6 },
    };

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
