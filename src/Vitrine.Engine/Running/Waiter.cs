using System.Globalization;
using Vitrine.Engine.Docker;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Events;

namespace Vitrine.Engine.Running;

/// <summary>Waits for what happens to a container: through its shim while it has one, by looking again while it has none.</summary>
internal sealed class Waiter(Containers containers)
{
    /// <summary>Milliseconds between two looks at a container that nobody runs at the moment, while nothing happens on the host.</summary>
    private const int LookInterval = 25;

    public WaitResponse Wait(Container found, WaitCondition condition, CancellationToken cancellation)
    {
        if (condition is WaitCondition.NotRunning && !found.State.HasShim)
            return Response(found.State);
        containers.Store.EnsureExists();
        // The events tell how a container ended that was gone before anybody could look.
        using var events = new EventReader(containers.Store.Paths.Events, fromStart: false);
        var before = found.State.FinishedAt;
        for (var last = found; ;)
        {
            if (last.State.HasShim && AskShim(last, condition, cancellation) is { } answer && IsAnswer(answer, last, condition))
                return Response(answer);
            if (containers.Look(last.Id) is not { } now)
                return Response(last.State with { ExitCode = LastExitCode(events, last.Id) ?? last.State.ExitCode });
            if (condition is not WaitCondition.Removed && !now.State.HasShim && now.State.FinishedAt != before)
                return Response(now.State);
            last = now;
            if (!last.State.HasShim)
                events.Wait(null, LookInterval);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static int? LastExitCode(EventReader events, string id)
    {
        int? code = null;
        while (events.Read() is { } entry)
        {
            if (entry.Id == id && entry.Action == "die" && int.TryParse(entry.Attributes.GetValueOrDefault("exitCode"), CultureInfo.InvariantCulture, out var number))
                code = number;
        }
        return code;
    }

    /// <summary>The shim's last word is not yet the removal, unless it did that itself.</summary>
    private static bool IsAnswer(ExitedReply reply, Container container, WaitCondition condition) =>
        condition is not WaitCondition.Removed || reply.Removed || !Directory.Exists(container.Paths.Directory);

    private static ExitedReply? AskShim(Container container, WaitCondition condition, CancellationToken cancellation)
    {
        try
        {
            using var client = ShimClient.TryConnect(container.Paths.RunDirectory);
            return client?.Wait(condition, cancellation);
        }
        catch (ShimLostException)
        {
            // The next look repairs the state, and that is the answer.
            return null;
        }
    }

    private static WaitResponse Response(ExitedReply reply) => New(reply.ExitCode, reply.Error);

    private static WaitResponse Response(ContainerState state) => New(state.ExitCode, state.Error);

    private static WaitResponse New(int code, string error) =>
        new() { StatusCode = code, Error = error.Length > 0 ? new WaitError { Message = error } : null };
}
