using System.Text;
using Vitrine.Cli.Parsing;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

public sealed class KeyValueFileTests
{
    [Fact]
    public void Parse_File_TakesLinesAsTheyAre()
    {
        const string Content = "\uFEFF# comment\n\n  A=1 \nB=\"quoted\"\r\nBARE\nUNSET\nC==x=\n";

        var entries = KeyValueFile.Parse("f", Encoding.UTF8.GetBytes(Content), name => name == "BARE" ? "own" : null);

        Assert.Equal(["A=1 ", "B=\"quoted\"", "BARE=own", "C==x="], entries);
    }

    [Theory]
    [InlineData("B C=2", "invalid env file (f): variable 'B C' contains whitespaces")]
    [InlineData("=1", "invalid env file (f): no variable name on line '=1'")]
    public void Parse_WrongLine_SaysWhatDockerSays(string content, string expected) =>
        Assert.Equal(expected, Assert.Throws<VitrineException>(() => KeyValueFile.Parse("f", Encoding.UTF8.GetBytes(content), _ => "")).Message);

    [Fact]
    public void Parse_NotUtf8_NamesLineAndBytes()
    {
        var error = Assert.Throws<VitrineException>(() => KeyValueFile.Parse("f", [(byte)'X', (byte)'\n', 65, 61, 255], _ => ""));

        Assert.Equal("invalid env file (f): invalid utf8 bytes at line 2: [65 61 255]", error.Message);
    }

    [Fact]
    public void ReadVariables_MissingFile_SaysSo() =>
        Assert.Equal("open /nonexistent/x: no such file or directory",
            Assert.Throws<VitrineException>(() => KeyValueFile.ReadVariables("/nonexistent/x")).Message);

    [Fact]
    public void ReadVariables_Directory_SaysSo() =>
        Assert.Equal("invalid env file (/tmp): read /tmp: is a directory",
            Assert.Throws<VitrineException>(() => KeyValueFile.ReadVariables("/tmp")).Message);
}
