using Vitrine.Engine.Docker;
using Vitrine.Engine.Waiting;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Running;

/// <summary>Waits for what happens to a container: through its shim while it has one, by looking again while it has none.</summary>
internal sealed class Waiter(Containers containers, Readiness readiness)
{
    /// <summary>Between two looks at a container that nobody runs at the moment, while the host's events say nothing of it.</summary>
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(1);

    public async Task<WaitResponse> WaitAsync(Container found, WaitCondition condition, CancellationToken cancellation)
    {
        if (condition is WaitCondition.NotRunning && !found.State.HasShim)
            return Response(found.State);
        containers.Store.EnsureExists();
        // The events tell how a container ended that was gone before anybody could look.
        using var news = new ContainerNews(containers.Store.Paths.Events, found.Id, readiness);
        var before = found.State.FinishedAt;
        for (var last = found; ;)
        {
            if (last.State.HasShim && await AskShimAsync(last, condition, cancellation).ConfigureAwait(false) is { } answer
                && IsAnswer(answer, last, condition))
                return Response(answer);
            if (containers.Look(last.Id) is not { } now)
                return Response(last.State with { ExitCode = news.LastExitCode() ?? last.State.ExitCode });
            if (condition is not WaitCondition.Removed && !now.State.HasShim && now.State.FinishedAt != before)
                return Response(now.State);
            last = now;
            if (!last.State.HasShim)
                await news.WaitAsync(s_firstLook, s_lastLook, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The shim's last word is not yet the removal, unless it did that itself.</summary>
    private static bool IsAnswer(ExitedReply reply, Container container, WaitCondition condition) =>
        condition is not WaitCondition.Removed || reply.Removed || !Directory.Exists(container.Paths.Directory);

    private async Task<ExitedReply?> AskShimAsync(Container container, WaitCondition condition, CancellationToken cancellation)
    {
        try
        {
            using var client = ShimClient.TryConnect(container.Paths.RunDirectory);
            if (client is null)
                return null;
            client.RequestWait(condition);
            return await client.ExitedAsync(readiness, cancellation).ConfigureAwait(false);
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
