using System.Text;
using Vitrine.Engine.Security;
using Vitrine.Linux;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Security;

public sealed class DefaultAppArmorProfileTests : IDisposable
{
    private readonly TemporaryDirectory _host = new();

    [Fact]
    public void Text_IsWhatTheParserTakes()
    {
        if (!File.Exists("/usr/sbin/apparmor_parser"))
            Assert.Skip("needs the program apparmor_parser");

        var run = Spawn.Run(["/usr/sbin/apparmor_parser", "--skip-kernel-load", "--skip-cache"], Encoding.UTF8.GetBytes(DefaultAppArmorProfile.Text));

        Assert.Equal((0, ""), (run.ExitCode, string.Join('\n', Encoding.UTF8.GetString(run.Errors).Split('\n').Where(line => line.Contains("rror", StringComparison.Ordinal)))));
    }

    [Fact]
    public void IsAvailable_KernelWithout_IsFalse()
    {
        Assert.False(new DefaultAppArmorProfile(_host.Path, "/bin/true").IsAvailable);
        Assert.Null(new DefaultAppArmorProfile(_host.Path, null).Warning);
    }

    [Fact]
    public void EnsureLoaded_NotThereYet_GivesTheTextToTheParser()
    {
        TurnOn("docker-default (enforce)\n");
        var profile = new DefaultAppArmorProfile(_host.Path, Parser("cat > \"$0.text\"; echo \"$@\" > \"$0.arguments\""));

        Assert.True(profile.IsAvailable);
        profile.EnsureLoaded();

        Assert.Equal(DefaultAppArmorProfile.Text, File.ReadAllText(_host["parser.text"]));
        Assert.Equal("--replace --skip-cache\n", File.ReadAllText(_host["parser.arguments"]));
    }

    [Theory]
    [InlineData("attr/apparmor/current", "vitrine-default (enforce)\n", "vitrine-default")]
    [InlineData("attr/apparmor/current", "unconfined\n", "unconfined")]
    [InlineData("attr/apparmor/current", "of a name (complain)\n", "of a name")]
    [InlineData("attr/current", "vitrine-default (enforce)\n", "vitrine-default")]
    [InlineData("attr/other", "x\n", null)]
    public void InForce_IsTheKernelsWordWithoutTheMode(string file, string content, string? expected)
    {
        TurnOn("");
        Directory.CreateDirectory(Path.GetDirectoryName(_host[$"proc/7/{file}"])!);
        File.WriteAllText(_host[$"proc/7/{file}"], content);

        Assert.Equal(expected, new DefaultAppArmorProfile(_host.Path).InForce(7));
    }

    [Fact]
    public void InForce_KernelWithoutAppArmor_IsNothing()
    {
        Directory.CreateDirectory(_host["proc/7/attr"]);
        File.WriteAllText(_host["proc/7/attr/current"], "system_u:system_r:container_t:s0\n");

        Assert.Null(new DefaultAppArmorProfile(_host.Path).InForce(7));
    }

    [Fact]
    public void EnsureLoaded_ThereAlready_AsksNobody()
    {
        TurnOn("vitrine-default (enforce)\n");

        new DefaultAppArmorProfile(_host.Path, "/nonexistent").EnsureLoaded();
    }

    [Fact]
    public void EnsureLoaded_ParserRefuses_SaysWhyAndTheWayOut()
    {
        TurnOn("");

        var error = Assert.Throws<VitrineException>(() => new DefaultAppArmorProfile(_host.Path, Parser("cat >/dev/null; echo no room >&2; exit 1")).EnsureLoaded());

        Assert.Contains("no room; --security-opt apparmor=unconfined", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    private void TurnOn(string profiles)
    {
        Directory.CreateDirectory(_host["sys/module/apparmor/parameters"]);
        File.WriteAllText(_host["sys/module/apparmor/parameters/enabled"], "Y\n");
        Directory.CreateDirectory(_host["sys/kernel/security/apparmor"]);
        File.WriteAllText(_host["sys/kernel/security/apparmor/profiles"], profiles);
    }

    private string Parser(string script)
    {
        File.WriteAllText(_host["parser"], $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(_host["parser"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return _host["parser"];
    }
}
