using Vitrine.Shim.Oci;
using Vitrine.Shim.Oci.CommandLine;
using Xunit;

namespace Vitrine.Tests.Unit.Shim.Oci;

public sealed class ParsedLineTests
{
    private static readonly Flag[] s_flags =
    [
        new("all", FlagKind.Switch, "", Short: "a"), new("bundle", FlagKind.Text, "", Short: "b"), new("env", FlagKind.Texts, "", Short: "e"),
        new("count", FlagKind.Number, ""),
    ];

    [Theory]
    [InlineData("--bundle", "x")]
    [InlineData("-bundle", "x")]
    [InlineData("--bundle=x")]
    [InlineData("-b", "x")]
    [InlineData("-b=x")]
    [InlineData("--bundle", "y", "--bundle", "x")]
    public void Text_InEachForm_IsTheLast(params string[] arguments) => Assert.Equal("x", ParsedLine.Parse(s_flags, arguments).Text("bundle"));

    [Theory]
    [InlineData(true, "--all")]
    [InlineData(true, "-a=1")]
    [InlineData(false, "--all=false")]
    [InlineData(false, "--all", "--all=false")]
    [InlineData(false)]
    public void Switch_IsSetOrNot(bool expected, params string[] arguments) => Assert.Equal(expected, ParsedLine.Parse(s_flags, arguments).IsSet("all"));

    [Fact]
    public void Flags_EndAtTheFirstArgument()
    {
        var line = ParsedLine.Parse(s_flags, ["-e", "A=1", "--env=B=2", "id", "--all", "-b"]);
        Assert.Equal(["A=1", "B=2"], line.Texts("env"));
        Assert.Equal(["id", "--all", "-b"], line.Arguments);
        Assert.False(line.IsSet("all"));
        Assert.Equal(["--all"], ParsedLine.Parse(s_flags, ["--", "--all"]).Arguments);
    }

    [Theory]
    [InlineData("flag provided but not defined: -nosuch", "--nosuch")]
    [InlineData("flag needs an argument: -bundle", "--bundle")]
    [InlineData("invalid value \"x\" for flag -count: parse error", "--count", "x")]
    [InlineData("invalid boolean value \"x\" for -all: parse error", "--all=x")]
    public void Mistakes_AreToldInGosWords(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => ParsedLine.Parse(s_flags, arguments)).Message);

    [Fact]
    public void Verbs_AreFoundByTheirNames_AndFlagsAreNamedOnce() => Assert.All(VerbTable.All, verb =>
    {
        Assert.Same(verb, VerbTable.Find(verb.Name));
        var names = verb.Flags.Select(flag => flag.Name).Concat(verb.Flags.Where(flag => flag.Short is not null).Select(flag => flag.Short!)).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Contains(verb.Name, HelpText.Of(verb), StringComparison.Ordinal);
    });

    [Fact]
    public void Version_IsTheProducts() =>
        Assert.Equal(VersionText.Version, typeof(VersionText).Assembly.GetName().Version!.ToString(3));
}
