using System.Globalization;
using Vitrine.Commands;
using Vitrine.Insight;
using Vitrine.Insight.Differences;

namespace Vitrine.Glass.Explain;

/// <summary>
/// Tells what changes of a container while one looks: on a terminal the explanation is drawn anew, with what changed last below it;
/// elsewhere each change is a line.
/// </summary>
/// <param name="context">Where to tell it.</param>
/// <param name="explain">Looks once.</param>
/// <param name="sections">The names of the sections to show.</param>
internal sealed class Watcher(CommandContext context, Func<ContainerExplanation> explain, IReadOnlySet<string>? sections)
{
    private const string Home = "\u001b[H\u001b[2J\u001b[3J";
    private const int ChangesKept = 12;

    private readonly Queue<string> _changes = new();

    /// <summary>Looks until the process is gone or somebody interrupts.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancel)
    {
        var before = explain();
        Show(before);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(interval, context.Time, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var now = Look(before);
            if (now is null)
                return;
            foreach (var change in Changes(before, now))
                Tell(change);
            Show(now);
            before = now;
        }
    }

    /// <summary>What changed between two looks, a line each.</summary>
    internal static IEnumerable<string> Changes(ContainerExplanation before, ContainerExplanation now, IReadOnlySet<string>? sections = null)
    {
        bool Wanted(Setting setting) => sections?.Contains(setting.Section) != false;
        foreach (var change in ExplanationDiff.Compare(Settings.Of(now), Settings.Of(before), Wanted).Concat(ExplanationDiff.Compare(Settings.UseOf(now), Settings.UseOf(before), Wanted)))
        {
            yield return (change.There, change.Here) switch
            {
                (null, { } here) => $"{change.Section}: + {change.Name}: {here}",
                ({ } there, null) => $"{change.Section}: - {change.Name}: {there}",
                var (there, here) => $"{change.Section}: {change.Name}: {there} -> {here}",
            };
        }
    }

    private IEnumerable<string> Changes(ContainerExplanation before, ContainerExplanation now) => Changes(before, now, sections);

    private ContainerExplanation? Look(ContainerExplanation before)
    {
        try
        {
            var now = explain();
            // The kernel gives numbers again: another process is not this container.
            if (now.Target.StartTime == before.Target.StartTime)
                return now;
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound)
        {
            // Told below.
        }

        Tell($"process {before.Target.Pid} has ended");
        context.Screen.Out.Flush();
        return null;
    }

    private void Tell(string change)
    {
        var line = $"{context.Time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {change}";
        if (!context.Screen.OutputIsTerminal)
        {
            new Paper(context.Screen.Out, ExplainStyle.Of(context.Screen) with { Width = int.MaxValue }).Line(line);
            return;
        }

        _changes.Enqueue(line);
        if (_changes.Count > ChangesKept)
            _changes.Dequeue();
    }

    private void Show(ContainerExplanation explanation)
    {
        if (context.Screen.OutputIsTerminal)
        {
            var style = ExplainStyle.Of(context.Screen);
            context.Screen.Out.Write(Home);
            ExplanationWriter.Write(context.Screen.Out, explanation, style, sections);
            var paper = new Paper(context.Screen.Out, style);
            paper.Heading("Changes");
            foreach (var change in _changes)
                paper.Line(change);
        }

        context.Screen.Out.Flush();
    }
}
