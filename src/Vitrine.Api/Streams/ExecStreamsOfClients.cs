using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Api.Hijacking;
using Vitrine.Api.Wire;
using Vitrine.Engine;
using Vitrine.Engine.Attaching;

namespace Vitrine.Api.Streams;

/// <summary>POST /exec/{id}/start.</summary>
internal static class ExecStreamsOfClients
{
    public static async Task ServeAsync(StreamRequest request, string id)
    {
        var services = request.Services;
        var start = request.Body(ApiJson.Default.ExecStartRequest) ?? new ExecStartRequest();
        var size = request.Version.Has(42) ? Size(start) : null;
        var exec = await ClaimAsync(services, id).ConfigureAwait(false);
        if (start.Detach)
        {
            using (await services.Engine.StartExecAsync(exec).ConfigureAwait(false))
                await request.AnswerAsync(200, default).ConfigureAwait(false);
            return;
        }
        var tty = exec.Config.Tty;
        // As docker does before the process runs: some clients read the header's buffer away, and what came with it.
        using var client = await request.UpgradeAsync(Frame.ContentType(request.Version, tty), framed: !tty).ConfigureAwait(false);
        try
        {
            if (tty)
                await ServeTerminalAsync(request, exec, client, size).ConfigureAwait(false);
            else
                await ServePipesAsync(request, exec, client).ConfigureAwait(false);
        }
        catch (VitrineException e)
        {
            // Its clients expect the reason in the stream, and the exit code of the exec.
            var what = e is ContainerStartException ? "OCI runtime exec failed: " : "";
            client.Write(OutputStream.Stdout, Encoding.UTF8.GetBytes($"{what}{e.Message}\r\n"));
            await client.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<ExecInstance> ClaimAsync(ApiServices services, string id)
    {
        try
        {
            return await services.Engine.ClaimExecAsync(id).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound && services.Execs.Find(id) is not null)
        {
            throw new VitrineException(ErrorKind.Conflict, $"Error: Exec command {id} has already run", e);
        }
    }

    private static async Task ServeTerminalAsync(StreamRequest request, ExecInstance exec, ClientStream client, (ushort, ushort)? size)
    {
        using var session = await request.Services.Engine.StartExecAsync(exec, size: size).ConfigureAwait(false);
        var terminal = session.Terminal ?? throw new VitrineException(ErrorKind.Internal, "the exec came without its terminal");
        Linux.Fd.SetNonBlocking(terminal);
        var stdin = exec.Config.AttachStdin ? terminal : null;
        await RelayAsync(request.Services, exec, session, client, (stdin, terminal, null)).ConfigureAwait(false);
    }

    private static async Task ServePipesAsync(StreamRequest request, ExecInstance exec, ClientStream client)
    {
        var config = exec.Config;
        using var pipes = new ExecPipes(config.AttachStdin, config.AttachStdout, config.AttachStderr);
        using var session = await request.Services.Engine.StartExecAsync(exec, pipes.Theirs).ConfigureAwait(false);
        pipes.HandedOver();
        await RelayAsync(request.Services, exec, session, client, (pipes.Stdin, pipes.Stdout, pipes.Stderr)).ConfigureAwait(false);
    }

    private static async Task RelayAsync(ApiServices services, ExecInstance exec, ExecSession session, ClientStream client,
        (SafeFileHandle?, SafeFileHandle?, SafeFileHandle?) streams)
    {
        Engine.ExitStatus? end = null;
        services.Execs.Add(exec.Id, session);
        try
        {
            var keys = exec.Config.Tty ? DetachKeys.Parse(exec.Config.DetachKeys) : null;
            using var relay = new ExecRelay(session, client, services.Readiness);
            end = await relay.RunAsync(streams, keys).ConfigureAwait(false);
        }
        finally
        {
            services.Execs.Remove(exec.Id, end is { } status ? exec with { IsRunning = false, Pid = session.Pid, ExitCode = status.ExitCode } : null);
        }
    }

    private static (ushort, ushort)? Size(ExecStartRequest start) => start.ConsoleSize is [var height, var width]
        ? height is >= 0 and <= ushort.MaxValue && width is >= 0 and <= ushort.MaxValue
            ? ((ushort)height, (ushort)width)
            : throw new VitrineException(ErrorKind.Invalid, "console size is out of range")
        : null;
}
