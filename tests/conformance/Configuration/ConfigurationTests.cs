using System.Text.Json.Nodes;
using Xunit;

namespace Vitrine.Tests.Conformance.Configuration;

/// <summary>Configurations and command lines that cannot be: refused, with nothing left.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly Bundle _bundle = new();

    public void Dispose() => _bundle.Dispose();

    private void ShouldBeRefused()
    {
        Assert.NotEqual(0, _bundle.Create().ExitCode);
        Assert.NotEqual(0, _bundle.Runtime("state", _bundle.Id).ExitCode);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids{_bundle.CgroupsPath}"));
    }

    [Fact]
    public void Process_Missing_IsRefused()
    {
        _bundle.Spec.AsObject().Remove("process");
        ShouldBeRefused();
    }

    [Fact]
    public void Arguments_Empty_AreRefused()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray();
        ShouldBeRefused();
    }

    [Fact]
    public void Command_Missing_IsRefusedAtTheCreation()
    {
        _bundle.Spec["process"]!["args"] = new JsonArray("no-such-command");
        Assert.Contains("executable file not found in $PATH", _bundle.Create().Stderr, StringComparison.Ordinal);
        ShouldBeRefused();
    }

    [Fact]
    public void Root_Missing_IsRefused()
    {
        _bundle.Spec["root"]!["path"] = "/no/such/root";
        ShouldBeRefused();
    }

    [Fact]
    public void Namespace_Unknown_IsRefused()
    {
        _bundle.Spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "nosuch" });
        ShouldBeRefused();
    }

    [Fact]
    public void Rlimit_Unknown_IsRefused()
    {
        _bundle.Spec["process"]!["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOSUCH", ["soft"] = 1, ["hard"] = 1 });
        ShouldBeRefused();
    }

    [Fact]
    public void Bundle_WithoutConfiguration_IsRefused()
    {
        var empty = Directory.CreateDirectory($"{_bundle.Path}/empty").FullName;
        Assert.Contains("config.json", _bundle.Runtime("create", "--bundle", empty, _bundle.Id).Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_InJson_EndsWithTheError()
    {
        var log = $"{_bundle.Path}/log";
        Assert.NotEqual(0, _bundle.Runtime("--log", log, "--log-format", "json", "start", "no-such").ExitCode);
        var line = JsonNode.Parse(File.ReadAllLines(log)[^1])!;
        Assert.Equal("error", (string)line["level"]!);
        Assert.Contains("does not exist", (string)line["msg"]!, StringComparison.Ordinal);
        Assert.NotNull((string?)line["time"]);
    }

    [Fact]
    public void Verb_Unknown_IsRefused() => Assert.NotEqual(0, _bundle.Runtime("no-such-verb").ExitCode);

    [Fact]
    public void Features_AreJson()
    {
        var features = JsonNode.Parse(_bundle.Ok("features"))!;
        Assert.Equal("1.0.0", (string)features["ociVersionMin"]!);
        Assert.Contains("createContainer", features["hooks"]!.AsArray().Select(hook => (string)hook!));
        Assert.True((bool)features["linux"]!["seccomp"]!["enabled"]!);
    }

    [Fact]
    public void Spec_MakesAConfigurationThatRuns()
    {
        var bundle = Directory.CreateDirectory($"{_bundle.Path}/new").FullName;
        _bundle.Ok("spec", "--bundle", bundle);
        _bundle.Runtime("spec", "--bundle", bundle).ShouldFail(1, "exists");
        Busybox.Install(Directory.CreateDirectory($"{bundle}/rootfs").FullName);
        var spec = JsonNode.Parse(File.ReadAllText($"{bundle}/config.json"))!;
        spec["process"]!["terminal"] = false;
        spec["process"]!["args"] = new JsonArray("echo", "made");
        File.WriteAllText($"{bundle}/config.json", spec.ToJsonString());
        Assert.Equal("made", _bundle.Ok("run", "--bundle", bundle, _bundle.Id));
    }
}
