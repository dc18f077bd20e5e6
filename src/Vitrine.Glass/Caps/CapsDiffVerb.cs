using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Privileges;
using Vitrine.Linux;

namespace Vitrine.Glass.Caps;

/// <summary><c>vitrine caps diff</c>: what one side has and the other has not.</summary>
internal sealed class CapsDiffVerb : GlassVerb
{
    private readonly BoolFlag _json;
    private readonly BoolFlag _quiet;

    public CapsDiffVerb()
    {
        _json = JsonFlag("capabilities");
        _quiet = Flags.Bool("quiet", 'q', "Print nothing: the exit code tells");
    }

    public override string Usage => "[OPTIONS] CONTAINER|PID|SET CONTAINER|PID|SET";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "A SET is all, none, default (vitrine's), docker-default, a mask that begins with 0x, or +NAME[,NAME...];\n"
        + "it is compared with the bounding set, the most that a process can get.\n"
        + "Exits with 0 where nothing differs, with 1 where something does, with 2 where it cannot be told.";

    /// <summary>As diff(1): 1 is an answer.</summary>
    public override int FailureCode => 2;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var comparison = CapabilityComparison.Of(Side(context, arguments[0]), Side(context, arguments[1]));
        if (_json.Value)
            context.Print(CapabilityJson.Compared(comparison));
        else if (!_quiet.Value)
            CapabilityText.Compare(PaperOn(context), comparison);
        return Task.FromResult(comparison.IsSame ? 0 : 1);
    }

    private static CapabilitySide Side(CommandContext context, string text)
    {
        if (CapabilityNames.FindKnown(text) is { } known)
            return new CapabilitySide(text, null, known);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && CapabilitySet.TryParseHex(text, out var mask))
            return new CapabilitySide(text, null, mask);
        if (text.StartsWith('+'))
            return new CapabilitySide(text[1..], null, CapabilityNames.Parse(text[1..]));
        var target = GlassTarget.Find(context, text);
        return new CapabilitySide(target.Hints?.Name ?? text, ProcessCapabilities.Read(target.Pid), default);
    }
}
