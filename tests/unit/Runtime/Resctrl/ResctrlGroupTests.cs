using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime.Resctrl;

/// <summary>On a plain tree: what resctrl's own files would be is made by the tests.</summary>
public sealed class ResctrlGroupTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("resctrl-").FullName;

    [Fact]
    public void Join_OwnClass_WritesSchemataInOrderAndTheTask()
    {
        Make("box");
        Group(new IntelRdt { L3CacheSchema = "L3:0=7f", MemBwSchema = "MB:0=20", Schemata = ["L2:0=f"] }).Join(42);

        Assert.Equal("L3:0=7f\nMB:0=20\nL2:0=f\n", Read("box/schemata"));
        Assert.Equal("42", Read("box/tasks"));
    }

    [Fact]
    public void Join_ClassThatIsThere_IsComparedAndNotWritten()
    {
        Make("gold", "    L3:0=007f;1=0010\n");
        Group(new IntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=7f;1=10" }).Join(42);

        Assert.Equal("    L3:0=007f;1=0010\n", Read("gold/schemata"));
        Assert.Equal("42", Read("gold/tasks"));
    }

    [Fact]
    public void Join_ClassThatIsAnother_IsRefused()
    {
        Make("gold", "L3:0=1\n");

        var error = Assert.Throws<VitrineException>(() => Group(new IntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=7f" }).Join(42));

        Assert.Contains("L3:0=7f", error.Message, StringComparison.Ordinal);
        Assert.Equal("", Read("gold/tasks"));
    }

    [Fact]
    public void Join_MissingClassWithoutSchema_IsRefused() =>
        Assert.Throws<VitrineException>(() => Group(new IntelRdt { ClosId = "gone" }).Join(42));

    [Fact]
    public void Join_DefaultClass_IsTheRoot()
    {
        File.WriteAllText(Path.Combine(_root, "tasks"), "");
        File.WriteAllText(Path.Combine(_root, "schemata"), "");
        Group(new IntelRdt { ClosId = "/" }).Join(42);

        Assert.Equal("42", Read("tasks"));
    }

    [Fact]
    public void Delete_RemovesOnlyWhatIsTheContainersOwn()
    {
        Directory.CreateDirectory(Path.Combine(_root, "box"));
        Directory.CreateDirectory(Path.Combine(_root, "gold", "mon_groups", "box"));

        Group(new IntelRdt()).Delete();
        Group(new IntelRdt { ClosId = "gold", EnableMonitoring = true }).Delete();

        Assert.False(Directory.Exists(Path.Combine(_root, "box")));
        Assert.True(Directory.Exists(Path.Combine(_root, "gold")));
        Assert.False(Directory.Exists(Path.Combine(_root, "gold", "mon_groups", "box")));
    }

    [Fact]
    public void Of_NothingWanted_IsNothing() => Assert.Null(ResctrlGroup.Of(null, "box", _root));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private ResctrlGroup Group(IntelRdt wanted) => ResctrlGroup.Of(wanted, "box", _root)!;

    private string Read(string path) => File.ReadAllText(Path.Combine(_root, path));

    private void Make(string name, string schemata = "")
    {
        var directory = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(directory, "schemata"), schemata);
        File.WriteAllText(Path.Combine(directory, "tasks"), "");
    }
}
