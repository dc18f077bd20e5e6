using Vitrine.Cli.Verbs;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

/// <summary>The table in docker cp's own documentation, case by case.</summary>
public sealed class CopyPlanTests
{
    private static readonly CopyEnd s_file = new("/src/file", true, false);
    private static readonly CopyEnd s_directory = new("/src/dir", true, true);

    [Theory]
    [InlineData(false, "/dst/new", false, false, "/dst", "new")]
    [InlineData(false, "/dst/file2", true, false, "/dst", "file2")]
    [InlineData(false, "/dst", true, true, "/dst", "name")]
    [InlineData(true, "/dst/new", false, false, "/dst", "new")]
    [InlineData(true, "/dst/new/", false, false, "/dst", "new")]
    [InlineData(true, "/dst", true, true, "/dst", "name")]
    [InlineData(true, "/new", false, false, "/", "new")]
    public void Copy_GoesWhereDockerPutsIt(bool isDirectory, string path, bool exists, bool toDirectory, string directory, string name) =>
        Assert.Equal(new CopyPlan(directory, name), CopyPlan.Make(isDirectory ? s_directory : s_file, "name", new CopyEnd(path, exists, toDirectory)));

    [Fact]
    public void Directory_OntoAFile_IsRefused() =>
        Assert.Equal("cannot copy directory", Assert.Throws<VitrineException>(() => CopyPlan.Make(s_directory, "dir", new CopyEnd("/dst", true, false))).Message);

    [Fact]
    public void File_IntoADirectoryThatIsNot_IsRefused() =>
        Assert.Equal("no such directory", Assert.Throws<VitrineException>(() => CopyPlan.Make(s_file, "file", new CopyEnd("/dst/", false, false))).Message);

    [Theory]
    [InlineData("name:/path", "name", "/path")]
    [InlineData("name:", "name", "")]
    [InlineData("/a:b", null, "/a:b")]
    [InlineData("./a:b", null, "./a:b")]
    [InlineData("plain", null, "plain")]
    [InlineData("-", null, "-")]
    public void Argument_IsAContainersPathOrALocalOne(string argument, string? container, string path) =>
        Assert.Equal(new CopyName(container, path), CopyName.Parse(argument));

    [Theory]
    [InlineData("/a/b", "/a", "b")]
    [InlineData("/a/b/", "/a", "b")]
    [InlineData("/a/b/.", "/a/b", ".")]
    [InlineData("/a", "/", "a")]
    [InlineData("/.", "/", ".")]
    [InlineData("/", "/", "/")]
    public void Path_Splits(string path, string directory, string name) => Assert.Equal((directory, name), LocalPath.Split(path));
}
