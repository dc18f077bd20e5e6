using FsCheck;
using FsCheck.Fluent;
using Vitrine.Commands.CommandLine;
using Xunit;

namespace Vitrine.Tests.Unit.Commands;

/// <summary>The grammar and the messages of docker's command line; the messages were taken from the docker CLI.</summary>
public sealed class FlagSetTests
{
    private readonly FlagSet _flags = new();
    private readonly BoolFlag _interactive;
    private readonly BoolFlag _tty;
    private readonly BoolFlag _remove;
    private readonly ListFlag<string> _env;
    private readonly ValueFlag<string> _name;
    private readonly ValueFlag<long?> _count;

    public FlagSetTests()
    {
        _interactive = _flags.Bool("interactive", 'i', "");
        _tty = _flags.Bool("tty", 't', "");
        _remove = _flags.Bool("rm", "");
        _env = _flags.List("env", 'e', "");
        _name = _flags.Text("name", 'n', "");
        _count = _flags.Integer("count", "");
    }

    [Theory]
    [InlineData("-it")]
    [InlineData("-ti")]
    [InlineData("-i -t")]
    [InlineData("-i=true --tty")]
    [InlineData("--interactive --tty=1")]
    public void Parse_Switches_InEveryForm(string line)
    {
        Assert.Empty(Parse(line));
        Assert.True(_interactive.Value && _tty.Value);
    }

    [Theory]
    [InlineData("-e A=1 -e B=2")]
    [InlineData("-e=A=1 -eB=2")]
    [InlineData("--env=A=1 --env B=2")]
    [InlineData("-ite A=1 -teB=2")]
    public void Parse_ListFlag_KeepsEveryValueInOrder(string line)
    {
        Assert.Empty(Parse(line));
        Assert.Equal(["A=1", "B=2"], _env.Values);
    }

    [Fact]
    public void Parse_SwitchFollowedByWord_DoesNotTakeIt()
    {
        Assert.Equal(["false"], Parse("--rm false"));
        Assert.True(_remove.Value);
    }

    [Fact]
    public void Parse_ValueGivenTwice_LastCounts()
    {
        Parse("--name a -n b");
        Assert.Equal("b", _name.Value);
    }

    [Fact]
    public void Parse_AfterFirstArgument_EverythingBelongsToTheCommand()
    {
        _flags.OptionsEndAtFirstArgument = true;

        Assert.Equal(["image", "-t", "--rm", "--", "-x"], Parse("-i image -t --rm -- -x"));
        Assert.False(_tty.Value);
    }

    [Fact]
    public void Parse_WithoutThatRule_OptionsMayFollowArguments()
    {
        Assert.Equal(["a", "b"], Parse("a -t b --rm"));
        Assert.True(_tty.Value && _remove.Value);
    }

    [Theory]
    [InlineData("-i -- -t image", "-t|image")]
    [InlineData("- x", "-|x")]
    public void Parse_Dashes_EndOptionsOrAreArguments(string line, string expected) =>
        Assert.Equal(expected.Split('|'), Parse(line));

    [Theory]
    [InlineData("--foo", "unknown flag: --foo")]
    [InlineData("--foo=1", "unknown flag: --foo")]
    [InlineData("-xq", "unknown shorthand flag: 'x' in -xq")]
    [InlineData("-ix", "unknown shorthand flag: 'x' in -x")]
    [InlineData("--=x", "bad flag syntax: --=x")]
    [InlineData("-e", "flag needs an argument: 'e' in -e")]
    [InlineData("-ie", "flag needs an argument: 'e' in -e")]
    [InlineData("--name", "flag needs an argument: --name")]
    [InlineData("--rm=x", "invalid argument \"x\" for \"--rm\" flag: strconv.ParseBool: parsing \"x\": invalid syntax")]
    [InlineData("-i=", "unknown shorthand flag: '=' in -=")]
    [InlineData("--count x", "invalid argument \"x\" for \"--count\" flag: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("--count 9223372036854775808", "invalid argument \"9223372036854775808\" for \"--count\" flag: strconv.ParseInt: parsing \"9223372036854775808\": value out of range")]
    public void Parse_WrongLine_SaysWhatDockerSays(string line, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => Parse(line)).Message);

    [Theory]
    [InlineData("0x10", 16)]
    [InlineData("0b11", 3)]
    [InlineData("0o17", 15)]
    [InlineData("017", 15)]
    [InlineData("-5", -5)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Parse_Integer_ReadsGosForms(string text, long expected)
    {
        Parse($"--count={text}");
        Assert.Equal(expected, _count.Value);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Parse_Help_AsksForHelp(string line) => Assert.Throws<HelpRequestException>(() => Parse(line));

    [Fact]
    public void Parse_RefusedFlag_IsNeverIgnored()
    {
        _flags.Add(new RefusedFlag("publish", 'p', "list", "needs the network"));

        Assert.Equal("--publish needs the network", Assert.Throws<UsageException>(() => Parse("-p 80:80")).Message);
    }

    [Fact]
    public void Parse_AnyWords_EitherParsesOrThrowsUsage()
    {
        var words = Gen.Elements("-", "--", "-i", "-it", "-e", "--env", "--env=", "-e=", "--name=x", "a", "", "---", "--=", "-=", "-ix", "--rm=", "--rm=1", "--count");
        Prop.ForAll(Gen.ArrayOf(words).ToArbitrary(), line =>
        {
            try
            {
                _flags.Parse(line);
            }
            catch (UsageException)
            {
                // The one way in which a line may fail.
            }
        }).QuickCheckThrowOnFailure();
    }

    private IReadOnlyList<string> Parse(string line) => _flags.Parse(line.Split(' '));
}
