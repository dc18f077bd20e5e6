using Vitrine.Insight.Host;
using Xunit;

namespace Vitrine.Tests.Unit.Insight;

public sealed class EngineMarksTests
{
    private const string Id = "3f2a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeef";

    [Theory]
    [InlineData($"/docker/{Id}", "docker")]
    [InlineData($"/system.slice/docker-{Id}.scope", "docker")]
    [InlineData($"/machine.slice/libpod-{Id}.scope/container", "podman")]
    [InlineData($"/libpod_parent/libpod-{Id}", "podman")]
    [InlineData($"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{Id}.scope", "containerd")]
    [InlineData($"/kubepods.slice/kubepods-pod1.slice/crio-{Id}.scope", "cri-o")]
    [InlineData($"/system.slice/kubepods-burstable-pod0a1b_2c3d.slice:cri-containerd:{Id}", "containerd")]
    [InlineData($"/default/{Id}", "containerd")]
    [InlineData($"/vitrine/{Id}", "vitrine")]
    [InlineData($"/vitrine/{Id}/inner", "vitrine")]
    [InlineData($"/kubepods/besteffort/pod12/{Id}", null)]
    public void FromCgroup_EnginesPaths_GiveEngineAndId(string path, string? engine) =>
        Assert.Equal(new EngineMark(engine, Id), EngineMarks.FromCgroup(path));

    [Fact]
    public void FromCgroup_Lxc_GivesItsName() => Assert.Equal(new EngineMark("lxc", "web1"), EngineMarks.FromCgroup("/lxc.payload.web1/init.scope"));

    [Theory]
    [InlineData("/lxc/web1")]
    [InlineData("/lxc.payload/web1")]
    public void FromCgroup_LxcOnV1_GivesItsName(string path) => Assert.Equal(new EngineMark("lxc", "web1"), EngineMarks.FromCgroup(path));

    [Theory]
    [InlineData("/machine.slice/machine-deb\\x2dbookworm.scope/payload", "deb-bookworm")]
    [InlineData("/machine.slice/systemd-nspawn@deb.service/payload/init.scope", "deb")]
    public void FromCgroup_Nspawn_GivesTheMachinesName(string path, string name) =>
        Assert.Equal(new EngineMark("systemd-nspawn", name), EngineMarks.FromCgroup(path));

    [Theory]
    [InlineData("/kubepods/burstable/pod0a1b-2c3d/" + Id, "0a1b-2c3d")]
    [InlineData("/kubepods/pod0a1b-2c3d/" + Id, "0a1b-2c3d")]
    [InlineData("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod0a1b_2c3d.slice/crio-" + Id + ".scope", "0a1b-2c3d")]
    [InlineData("/system.slice/kubepods-burstable-pod0a1b_2c3d.slice:cri-containerd:" + Id, "0a1b-2c3d")]
    [InlineData("/docker/" + Id, null)]
    public void PodOf_KubeletsPaths_GiveTheUid(string path, string? uid) => Assert.Equal(uid, EngineMarks.PodOf(path));

    [Fact]
    public void Around_InnerMark_GivesTheOuter() =>
        Assert.Equal(new EngineMark("docker", new string('a', 64)), EngineMarks.Around($"/docker/{new string('a', 64)}/docker/{Id}", Id));

    [Theory]
    [InlineData("/machine.slice/machine-qemu\\x2d1.scope")]
    [InlineData("/")]
    [InlineData(null)]
    [InlineData("/user.slice/user-0.slice/session-1.scope")]
    [InlineData("/docker/short")]
    [InlineData("/docker/ZZ2a9c0d1e4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeef")]
    public void FromCgroup_Others_GiveNothing(string? path) => Assert.Null(EngineMarks.FromCgroup(path));

    [Theory]
    [InlineData("containerd-shim", "containerd")]
    [InlineData("conmon", "podman")]
    [InlineData("vitrine-shim", "vitrine")]
    [InlineData("unshare", "none")]
    public void FromSupervisor_KnownPrograms_AreNamed(string command, string engine) =>
        Assert.Equal(engine, EngineMarks.FromSupervisor(command)!.Value.Engine);

    [Fact]
    public void FromSupervisor_Shell_IsNone() => Assert.Null(EngineMarks.FromSupervisor("bash"));
}
