using Vitrine.Cli;
using Vitrine.Commands.CommandLine;
using Xunit;

namespace Vitrine.Tests.Unit.Cli;

public sealed class CommandTableTests
{
    public static TheoryData<string> Forms => [.. CommandTable.Commands.Where(c => c.Program is null).SelectMany(c => c.Forms)];

    [Fact]
    public void Forms_AreUnique()
    {
        var forms = CommandTable.Commands.SelectMany(c => c.Forms).ToList();
        Assert.Equal(forms.Distinct(), forms);
    }

    [Fact]
    public void Explain_IsListedAndAnotherProgramHasIt() => Assert.Equal(GlassCommands.Program, CommandTable.Find("explain")!.Program);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Verb_OfEveryForm_HasConsistentFlagsAndHelp(string form)
    {
        var command = CommandTable.Find(form)!;
        var verb = command.Create!();

        var names = verb.Flags.Flags.SelectMany(f => f.Aliases.Prepend(f.Name)).ToList();
        var letters = verb.Flags.Flags.Where(f => f.Shorthand != Flag.None).Select(f => f.Shorthand).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(letters.Distinct(), letters);
        var help = HelpText.Of(command, form, verb, 80);
        Assert.StartsWith($"Usage:  vitrine {form}", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void Find_DockersVerbOfLaterVersion_SaysSo()
    {
        Assert.Null(CommandTable.Find("build"));
        Assert.Contains("comes with a later version", CommandTable.Unknown("build"), StringComparison.Ordinal);
        Assert.StartsWith("unknown command: vitrine foo", CommandTable.Unknown("foo"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 1, "accepts no arguments")]
    [InlineData(1, 1, 0, "requires 1 argument")]
    [InlineData(2, 2, 1, "requires 2 arguments")]
    [InlineData(1, int.MaxValue, 0, "requires at least 1 argument")]
    [InlineData(0, 1, 2, "requires at most 1 argument")]
    [InlineData(1, 2, 3, "requires at least 1 and at most 2 arguments")]
    [InlineData(1, 2, 2, null)]
    public void ArgumentCount_Problem_IsDockersWording(int minimum, int maximum, int count, string? expected) =>
        Assert.Equal(expected, new ArgumentCount(minimum, maximum).Problem(count));

    [Fact]
    public void Wrap_LongText_BreaksAtBlanksWithinTheWidth()
    {
        var wrapped = HelpText.Wrap(string.Join(' ', Enumerable.Repeat("word", 40)), 20, 60);

        Assert.All(wrapped.Split('\n').Skip(1), line => Assert.StartsWith(new string(' ', 20) + "word", line, StringComparison.Ordinal));
        Assert.All(wrapped.Split('\n'), line => Assert.True(line.Length <= 60));
    }
}
