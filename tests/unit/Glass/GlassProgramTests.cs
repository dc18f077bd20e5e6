using Vitrine.Commands.CommandLine;
using Vitrine.Glass;
using Xunit;

namespace Vitrine.Tests.Unit.Glass;

public sealed class GlassProgramTests
{
    public static TheoryData<string> Forms => [.. GlassCommands.All.SelectMany(c => c.Forms)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Verb_ThatVitrineHandsOver_IsHere(string form)
    {
        var command = GlassProgram.Set.Find(form)!;

        Assert.Null(command.Program);
        Assert.StartsWith($"Usage:  vitrine {form}", HelpText.Of(command, form, command.Create!(), 80), StringComparison.Ordinal);
    }
}
