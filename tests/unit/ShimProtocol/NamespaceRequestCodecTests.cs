using System.Text;
using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.ShimProtocol.Codec;
using Xunit;

namespace Vitrine.Tests.Unit.ShimProtocol;

public sealed class NamespaceRequestCodecTests
{
    [Fact]
    public void Request_WithEveryField_IsReadAsWritten()
    {
        var request = new NamespaceRequest
        {
            New = [NamespaceKind.User, NamespaceKind.Time],
            Target = 77,
            TargetStart = ulong.MaxValue,
            Joined = [NamespaceKind.Mount],
            JoinedFiles = [new NamespaceFile(NamespaceKind.Network, "/run/netns/a b")],
            Kept = [new NamespaceFile(NamespaceKind.Uts, "/tmp/é\"\n")],
            UidMap = "0 1000 1\n",
            GidMap = "0 1000 1\n5 6 7\n",
            SetGroups = "deny",
            Forks = true,
            DeathSignal = 15,
            Propagation = MountFlags.Slave | MountFlags.Recursive,
            Root = "/r",
            WorkingDirectory = "/w",
            InnerWorkingDirectory = "/i",
            ProcMountPoint = "/proc",
            HostName = "h",
            Monotonic = -5,
            Boottime = 0,
            Uid = 0,
            Gid = uint.MaxValue - 1,
            ClearsGroups = true,
            KeepsCapabilities = true,
            Environment = ["A=1", "B="],
            Tools = new ToolsRoot
            {
                Directories = ["/usr"],
                Links = new Dictionary<string, string> { ["bin"] = "usr/bin" },
                Layers = ["/l"],
                JoinsCgroups = true,
                Confinement = new Confinement
                {
                    Uid = 1,
                    Gid = uint.MaxValue,
                    Groups = [3],
                    Bounding = ulong.MaxValue,
                    Permitted = 4,
                    Effective = 5,
                    Inheritable = 6,
                    Ambient = 7,
                    NoNewPrivileges = true,
                    Profile = "p",
                    SpecPath = "/s",
                },
            },
        };

        var read = NamespaceRequestCodec.Read(NamespaceRequestCodec.Write(request).Span);

        Assert.Equivalent(request, read, strict: true);
    }

    [Fact]
    public void Request_ThatAsksForNothing_IsEmpty()
    {
        Assert.Equal("{}", Encoding.UTF8.GetString(NamespaceRequestCodec.Write(new NamespaceRequest()).Span));
        Assert.Equivalent(new NamespaceRequest(), NamespaceRequestCodec.Read("{}"u8), strict: true);
    }

    [Theory]
    [InlineData("{\"new\":[\"moon\"]}")]
    [InlineData("{\"kept\":[{\"kind\":\"net\"}]}")]
    [InlineData("{\"forks\":1}")]
    [InlineData("[]")]
    [InlineData("")]
    public void Read_OfWhatIsNoRequest_Throws(string text) =>
        Assert.ThrowsAny<JsonException>(() => NamespaceRequestCodec.Read(Encoding.UTF8.GetBytes(text)));
}
