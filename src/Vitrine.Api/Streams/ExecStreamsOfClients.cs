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
        var exec = await FindAsync(services, id).ConfigureAwait(false);
        if (start.Detach)
        {
            using (await services.Engine.StartExecAsync(id).ConfigureAwait(false))
                await request.AnswerAsync(200, default).ConfigureAwait(false);
            return;
        }
        try
        {
            if (exec.Config.Tty)
                await ServeTerminalAsync(request, exec, Size(start)).ConfigureAwait(false);
            else
                await ServePipesAsync(request, exec).ConfigureAwait(false);
        }
        catch (ContainerStartException e) when (!request.IsStream)
        {
            await TellAsync(request, exec, e).ConfigureAwait(false);
        }
    }

    /// <summary>Docker has upgraded before it knows: its clients expect the reason in the stream, and the exit code of the exec.</summary>
    private static async Task TellAsync(StreamRequest request, ExecInstance exec, ContainerStartException error)
    {
        var tty = exec.Config.Tty;
        using var client = await request.UpgradeAsync(Frame.ContentType(request.Version, tty), framed: !tty).ConfigureAwait(false);
        client.Write(OutputStream.Stdout, System.Text.Encoding.UTF8.GetBytes($"OCI runtime exec failed: {error.Message}\r\n"));
        await client.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<ExecInstance> FindAsync(ApiServices services, string id)
    {
        try
        {
            return await services.Engine.InspectExecAsync(id).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound && services.Execs.Find(id) is not null)
        {
            throw new VitrineException(ErrorKind.Conflict, $"Error: Exec command {id} has already run", e);
        }
    }

    private static async Task ServeTerminalAsync(StreamRequest request, ExecInstance exec, (ushort, ushort)? size)
    {
        using var session = await request.Services.Engine.StartExecAsync(exec.Id, size: size).ConfigureAwait(false);
        var terminal = session.Terminal ?? throw new VitrineException(ErrorKind.Internal, "the exec came without its terminal");
        Linux.Fd.SetNonBlocking(terminal);
        var stdin = exec.Config.AttachStdin ? terminal : null;
        await RelayAsync(request, exec, session, (stdin, terminal, null)).ConfigureAwait(false);
    }

    private static async Task ServePipesAsync(StreamRequest request, ExecInstance exec)
    {
        var config = exec.Config;
        using var pipes = new ExecPipes(config.AttachStdin, config.AttachStdout, config.AttachStderr);
        using var session = await request.Services.Engine.StartExecAsync(exec.Id, pipes.Theirs).ConfigureAwait(false);
        pipes.HandedOver();
        await RelayAsync(request, exec, session, (pipes.Stdin, pipes.Stdout, pipes.Stderr)).ConfigureAwait(false);
    }

    private static async Task RelayAsync(StreamRequest request, ExecInstance exec, ExecSession session,
        (Microsoft.Win32.SafeHandles.SafeFileHandle?, Microsoft.Win32.SafeHandles.SafeFileHandle?, Microsoft.Win32.SafeHandles.SafeFileHandle?) streams)
    {
        var services = request.Services;
        var config = exec.Config;
        ExitStatus? end = null;
        services.Execs.Add(exec.Id, session);
        try
        {
            var keys = config.Tty ? DetachKeys.Parse(config.DetachKeys) : null;
            using var client = await request.UpgradeAsync(Frame.ContentType(request.Version, config.Tty), framed: !config.Tty).ConfigureAwait(false);
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
