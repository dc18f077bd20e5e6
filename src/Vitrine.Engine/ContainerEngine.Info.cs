using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Queries;
using Vitrine.Images.Registry;
using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>The engine and its host.</content>
public sealed partial class ContainerEngine
{
    private static readonly JsonWriterOptions s_infoOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What GET /info answers, as JSON.</summary>
    /// <param name="version">The program's version.</param>
    /// <param name="cancellation">Honoured before anything is looked at.</param>
    public Task<ReadOnlyMemory<byte>> InfoAsync(string version, CancellationToken cancellation = default) => Blocking.Now<ReadOnlyMemory<byte>>(() =>
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, s_infoOptions))
        {
            json.WriteStartObject();
            WriteCounts(json);
            WriteDrivers(json);
            WriteAbilities(json);
            WriteHost(json);
            WriteEngine(json, version);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }, cancellation);

    private void WriteCounts(Utf8JsonWriter json)
    {
        var states = _containers.All().Select(found => found.State.Status).ToList();
        var (running, paused) = (states.Count(status => status is ContainerStatus.Running), states.Count(status => status is ContainerStatus.Paused));
        json.WriteString("ID", EngineId());
        json.WriteNumber("Containers", states.Count);
        json.WriteNumber("ContainersRunning", running);
        json.WriteNumber("ContainersPaused", paused);
        json.WriteNumber("ContainersStopped", states.Count - running - paused);
        json.WriteNumber(nameof(Images), _images.Value.List().Count);
    }

    private void WriteDrivers(Utf8JsonWriter json)
    {
        json.WriteString("Driver", "overlay2");
        json.WriteStartArray("DriverStatus");
        json.WriteStartArray();
        json.WriteStringValue("Backing Filesystem");
        json.WriteStringValue(BackingFileSystem());
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartObject("Plugins");
        Texts(json, "Volume", ["local"]);
        Texts(json, "Network", ["bridge", "host", "macvlan", "null"]);
        json.WriteNull("Authorization");
        Texts(json, "Log", ["json-file", "none"]);
        json.WriteEndObject();
        json.WriteString("LoggingDriver", "json-file");
        json.WriteString("CgroupDriver", "cgroupfs");
        json.WriteString("CgroupVersion", HostDescription.CgroupVersion);
    }

    /// <summary>Which limits this kernel has.</summary>
    private static void WriteAbilities(Utf8JsonWriter json)
    {
        var layout = CgroupLayout.Read();
        bool Has(string controller) => layout.Of(controller) is not null;
        var isV1 = layout.Of("memory") is { Version: 1 };
        json.WriteBoolean("MemoryLimit", Has("memory"));
        json.WriteBoolean("SwapLimit", Has("memory") && (!isV1 || File.Exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes")));
        json.WriteBoolean("CpuCfsPeriod", Has("cpu"));
        json.WriteBoolean("CpuCfsQuota", Has("cpu"));
        json.WriteBoolean("CPUShares", Has("cpu"));
        json.WriteBoolean("CPUSet", Has("cpuset"));
        json.WriteBoolean("PidsLimit", Has("pids"));
        json.WriteBoolean("OomKillDisable", isV1);
        json.WriteBoolean("IPv4Forwarding", File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim() == "1");
    }

    private void WriteHost(Utf8JsonWriter json)
    {
        json.WriteString("SystemTime", DockerTime.Format(_options.Time.GetUtcNow()));
        json.WriteString("KernelVersion", HostDescription.KernelVersion);
        json.WriteString("OperatingSystem", HostDescription.OperatingSystem);
        json.WriteString("OSVersion", HostDescription.OsVersion);
        json.WriteString("OSType", "linux");
        json.WriteString("Architecture", HostDescription.Machine);
        json.WriteNumber("NCPU", Environment.ProcessorCount);
        json.WriteNumber("MemTotal", HostDescription.TotalMemory);
        json.WriteString("Name", HostDescription.HostName);
        foreach (var (name, variable) in new[] { ("HttpProxy", "HTTP_PROXY"), ("HttpsProxy", "HTTPS_PROXY"), ("NoProxy", "NO_PROXY") })
            json.WriteString(name, Environment.GetEnvironmentVariable(variable) ?? Environment.GetEnvironmentVariable(variable.ToLowerInvariant()) ?? "");
    }

    private void WriteEngine(Utf8JsonWriter json, string version)
    {
        json.WriteBoolean("Debug", false);
        json.WriteNumber("NFd", 0);
        json.WriteNumber("NGoroutines", 0);
        json.WriteNumber("NEventsListener", 0);
        json.WriteString("IndexServerAddress", "https://index.docker.io/v1/");
        var (mirrors, problem) = Mirrors();
        json.WriteStartObject("RegistryConfig");
        Texts(json, "InsecureRegistryCIDRs", ["127.0.0.0/8", "::1/128"]);
        json.WriteStartObject("IndexConfigs");
        json.WriteStartObject("docker.io");
        json.WriteString("Name", "docker.io");
        Texts(json, "Mirrors", mirrors);
        json.WriteBoolean("Secure", true);
        json.WriteBoolean("Official", true);
        json.WriteEndObject();
        json.WriteEndObject();
        Texts(json, "Mirrors", mirrors);
        json.WriteEndObject();
        json.WriteNull("GenericResources");
        json.WriteString("DockerRootDir", _options.DataRoot);
        json.WriteString("ExecRoot", _options.ExecRoot);
        json.WriteString("CgroupParent", _options.CgroupParent);
        json.WriteString("ShimPath", _options.ShimPath);
        Texts(json, "Labels", []);
        json.WriteBoolean("ExperimentalBuild", false);
        json.WriteString("ServerVersion", version);
        WriteRuntimes(json);
        json.WriteBoolean("LiveRestoreEnabled", true);
        json.WriteString("Isolation", "");
        json.WriteString("InitBinary", Path.GetFileName(_options.ShimPath));
        foreach (var part in new[] { "ContainerdCommit", "RuncCommit", "InitCommit" })
        {
            json.WriteStartObject(part);
            json.WriteString("ID", "");
            json.WriteEndObject();
        }
        Texts(json, "SecurityOptions", SecurityOptionNames());
        if (problem is null)
            json.WriteNull("Warnings");
        else
            Texts(json, "Warnings", [$"WARNING: {problem}"]);
    }

    /// <summary>The mirrors of the machine's registries, and why they cannot be told: all else is told then too.</summary>
    private static (IReadOnlyList<string> Mirrors, string? Problem) Mirrors()
    {
        try
        {
            return (RegistryOptions.Load().Mirrors ?? [], null);
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException)
        {
            return ([], e.Message);
        }
    }

    private void WriteRuntimes(Utf8JsonWriter json)
    {
        json.WriteStartObject("Runtimes");
        json.WriteStartObject("vitrine");
        json.WriteString("path", _options.ShimPath);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("DefaultRuntime", "vitrine");
        json.WriteStartObject("Swarm");
        json.WriteString("NodeID", "");
        json.WriteString("NodeAddr", "");
        json.WriteString("LocalNodeState", "inactive");
        json.WriteBoolean("ControlAvailable", false);
        json.WriteString("Error", "");
        json.WriteNull("RemoteManagers");
        json.WriteEndObject();
    }

    private static List<string> SecurityOptionNames()
    {
        var names = new List<string>();
        if (File.Exists("/sys/module/apparmor/parameters/enabled") && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y'))
            names.Add("name=apparmor");
        names.Add("name=seccomp,profile=builtin");
        names.Add("name=cgroupns");
        return names;
    }

    /// <summary>The same for a data root of this machine at all times, and another one elsewhere.</summary>
    private string EngineId()
    {
        var machine = File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : HostDescription.HostName;
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(machine + _options.DataRoot))[..16]).ToString();
    }

    /// <summary>The type of the file system that the data root is on, as docker calls it.</summary>
    private string BackingFileSystem()
    {
        var format = Directory.Exists(_options.DataRoot) ? new DriveInfo(_options.DataRoot).DriveFormat : "";
        return format.StartsWith("ext", StringComparison.Ordinal) ? "extfs" : format;
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
