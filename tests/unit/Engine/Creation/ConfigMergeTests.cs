using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Creation;

public sealed class ConfigMergeTests
{
    private static readonly ImageConfigInfo Image = new()
    {
        User = "www",
        Env = ["PATH=/bin", "LANG=C"],
        Entrypoint = ["/entry"],
        Cmd = ["serve"],
        WorkingDir = "/srv",
        StopSignal = "SIGQUIT",
        Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" },
        Volumes = new Dictionary<string, EmptyObject> { ["/data"] = default },
        Healthcheck = new HealthConfig { Test = ["CMD", "ok"], Interval = 5, Retries = 3 },
    };

    [Fact]
    public void Merge_EmptyRequest_TakesAllOfTheImage()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig(), Image);

        Assert.Equal("www", merged.User);
        Assert.Equal(["PATH=/bin", "LANG=C"], merged.Env!);
        Assert.Equal(["/entry"], merged.Entrypoint!);
        Assert.Equal(["serve"], merged.Cmd!);
        Assert.Equal("/srv", merged.WorkingDir);
        Assert.Equal("SIGQUIT", merged.StopSignal);
        Assert.True(merged.Volumes!.ContainsKey("/data"));
    }

    [Fact]
    public void Merge_RequestHasCommand_KeepsTheImagesEntrypoint()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Cmd = ["other"] }, Image);

        Assert.Equal(["/entry"], merged.Entrypoint!);
        Assert.Equal(["other"], merged.Cmd!);
    }

    [Fact]
    public void Merge_RequestHasEntrypoint_DropsTheImagesCommand()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Entrypoint = ["/mine"] }, Image);

        Assert.Equal(["/mine"], merged.Entrypoint!);
        Assert.Null(merged.Cmd);
    }

    [Fact]
    public void Merge_RequestHasEmptyEntrypoint_RunsTheCommandAlone()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Entrypoint = [""], Cmd = ["ls"] }, Image);

        Assert.Null(merged.Entrypoint);
        Assert.Equal(["ls"], merged.Cmd!);
    }

    [Fact]
    public void Merge_SameVariable_RequestWinsAndComesFirst()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Env = ["LANG=en", "X=1"] }, Image);

        Assert.Equal(["LANG=en", "X=1", "PATH=/bin"], merged.Env!);
    }

    [Fact]
    public void Merge_VariableWithoutValue_HidesTheImages()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Env = ["LANG"] }, Image);

        Assert.Equal(["LANG", "PATH=/bin"], merged.Env!);
    }

    [Fact]
    public void Merge_Labels_AreUnitedAndTheRequestWins()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Labels = new Dictionary<string, string> { ["a"] = "mine" } }, Image);

        Assert.Equal("mine", merged.Labels!["a"]);
        Assert.Equal("image", merged.Labels["b"]);
    }

    [Fact]
    public void Merge_Healthcheck_FillsOnlyWhatIsNotSaid()
    {
        var merged = ConfigMerge.Merge(new ContainerConfig { Healthcheck = new HealthConfig { Interval = 9 } }, Image);

        Assert.Equal(9, merged.Healthcheck!.Interval);
        Assert.Equal(3, merged.Healthcheck.Retries);
        Assert.Equal(["CMD", "ok"], merged.Healthcheck.Test!);
    }
}
