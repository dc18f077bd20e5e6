using System.Globalization;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Parsing;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine logs</c></summary>
internal sealed class LogsVerb : Verb
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffffff00Z";

    private readonly BoolFlag _details;
    private readonly BoolFlag _follow;
    private readonly BoolFlag _timestamps;
    private readonly ValueFlag<string> _tail;
    private readonly ValueFlag<string> _since;
    private readonly ValueFlag<string> _until;

    public LogsVerb()
    {
        _follow = Flags.Bool("follow", 'f', "Follow log output");
        _timestamps = Flags.Bool("timestamps", 't', "Show timestamps");
        _since = Flags.Text("since", "Show logs since a moment (e.g. \"2013-01-02T13:23:37Z\") or for so long (e.g. \"42m\" for 42 minutes)");
        _until = Flags.Text("until", "Show logs before a moment (e.g. \"2013-01-02T13:23:37Z\") or until so long ago (e.g. \"42m\" for 42 minutes)");
        _tail = Flags.Add(new ValueFlag<string>("tail", 'n', "string", "Number of lines to show from the end of the logs", text => text)
        {
            Value = "all",
            DefaultText = "\"all\"",
        });
        _details = Flags.Bool("details", "Show extra details provided to logs");
    }

    public override string Usage => "[OPTIONS] CONTAINER";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var options = new LogOptions
        {
            Follow = _follow.Value,
            Tail = ParseTail(_tail.Value!),
            Since = MomentSyntax.Parse(_since.Value, "since", cli.Time),
            Until = MomentSyntax.Parse(_until.Value, "until", cli.Time),
        };
        await foreach (var line in cli.Engine.LogsAsync(arguments[0], options))
            Print(line.Stream == OutputStream.Stderr ? cli.Screen.Error : cli.Screen.Out, line);
        return 0;
    }

    private void Print(DescriptorWriter output, LogLine line)
    {
        if (_timestamps.Value)
            output.Write(line.Time.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture) + " ");
        // Docker parts the details from the line by a blank; ours are always none.
        if (_details.Value)
            output.Write(" ");
        output.WriteBytes(line.Data.Span);
    }

    /// <summary>As docker: whatever is no number, or negative, is everything.</summary>
    private static int? ParseTail(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
