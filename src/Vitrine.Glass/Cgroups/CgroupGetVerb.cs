using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup get</c></summary>
internal sealed class CgroupGetVerb : CgroupVerb
{
    private readonly BoolFlag _json;
    private readonly BoolFlag _values;

    public CgroupGetVerb()
    {
        _json = JsonFlag("cgroups");
        _values = Flags.Bool("values-only", 'v', "Print the values alone");
    }

    public override string Usage => "[OPTIONS] CGROUP [NAME...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override string Details =>
        "Reads settings by the names of cgroup v1 or v2, whichever this host has: a name of the other\n"
        + "version is translated, and the formula shown. Without names, those that people set.\n\n" + NamesHelp;

    public override async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var group = Find(context, arguments[0]);
        var readings = new List<ControlReading>();
        var code = 0;
        if (arguments.Count == 1)
            readings.AddRange(ControlReader.Common(group));
        else
            code = await context.ForEachAsync([.. arguments.Skip(1)], name =>
            {
                readings.Add(ControlReader.Read(group, name));
                return Task.CompletedTask;
            });
        if (_json.Value)
            context.Print(ControlJson.Readings(group, readings));
        else if (_values.Value)
            readings.ForEach(reading => context.Print(SettingText.Lines(reading.Value)));
        else if (arguments.Count == 1)
            SettingText.Table(PaperOn(context), group, readings);
        else
            readings.ForEach(reading => SettingText.Write(context, reading));
        return code;
    }
}
