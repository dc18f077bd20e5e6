using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Privileges;
using Vitrine.Linux;

namespace Vitrine.Glass.Caps;

/// <summary><c>vitrine caps decode</c>: a mask into names, names into the mask.</summary>
internal sealed class CapsDecodeVerb : GlassVerb
{
    private readonly BoolFlag _json;
    private readonly BoolFlag _quiet;

    public CapsDecodeVerb()
    {
        _json = JsonFlag("capabilities");
        _quiet = Flags.Bool("quiet", 'q', "Print only the line that capsh --decode prints");
    }

    public override string Usage => "[OPTIONS] MASK|NAME[,NAME...]...";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override string Details =>
        "A mask is hexadecimal, as /proc/PID/status has it: 00000000a80425fb. Names are taken with or\n"
        + "without CAP_, in any case; all, none, default (vitrine's) and docker-default are sets of names.\n"
        + "A bit that has no name here is printed as its number.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        foreach (var argument in arguments)
        {
            var set = Read(argument);
            if (_json.Value)
                context.Print(CapabilityJson.Decoded(set));
            else
                Write(context, set);
        }

        return Task.FromResult(0);
    }

    /// <summary>A mask, unless it is a name: no capability's name looks like a number.</summary>
    internal static CapabilitySet Read(string text) =>
        CapabilityNames.FindKnown(text) ?? (CapabilitySet.TryParseHex(text, out var mask) ? mask : CapabilityNames.Parse(text));

    private void Write(CommandContext context, CapabilitySet set)
    {
        context.Print($"0x{set.ToHex()}={CapabilityNames.Lower(set)}");
        if (_quiet.Value)
            return;
        var paper = PaperOn(context);
        CapabilityText.Meanings(paper, set);
        CapabilityText.Compare(paper, set);
    }
}
