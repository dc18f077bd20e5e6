using Microsoft.AspNetCore.Http;
using Vitrine.Api.Http;
using Vitrine.Api.Routing;
using Vitrine.Api.Wire;
using Vitrine.Engine;
using Vitrine.Engine.Docker;

namespace Vitrine.Api.Endpoints;

/// <summary>Further processes in containers, but for their start, which is a stream.</summary>
internal static class ExecEndpoints
{
    public static void Map(Router router)
    {
        router.Post("/containers/{id}/exec", Create);
        router.Get("/exec/{id}/json", Inspect);
        router.Post("/exec/{id}/resize", Resize);
    }

    private static async Task Create(ApiRequest request)
    {
        var body = OldRequests.Exec(await request.BodyAsync(DockerJson.Default.ExecConfig).ConfigureAwait(false), request.Version);
        _ = Engine.Attaching.DetachKeys.Parse(body.DetachKeys);
        var id = await request.Engine.CreateExecAsync(request["id"], body, request.Aborted).ConfigureAwait(false);
        await request.WriteAsync(new IdBody { Id = id }, ApiJson.Default.IdBody, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task Inspect(ApiRequest request)
    {
        var exec = await FindAsync(request).ConfigureAwait(false);
        var config = exec.Config;
        await request.WriteAsync(new ExecInspectBody
        {
            Id = exec.Id,
            Running = exec.IsRunning,
            ExitCode = exec.ExitCode,
            ProcessConfig = new ExecProcessBody
            {
                Tty = config.Tty,
                Entrypoint = config.Cmd?.FirstOrDefault() ?? "",
                Arguments = [.. (config.Cmd ?? []).Skip(1)],
                Privileged = config.Privileged,
                User = config.User.Length > 0 ? config.User : null,
            },
            OpenStdin = config.AttachStdin,
            OpenStderr = config.AttachStderr,
            OpenStdout = config.AttachStdout,
            CanRemove = exec.ExitCode is not null,
            ContainerId = exec.ContainerId,
            DetachKeys = config.DetachKeys ?? "",
            Pid = exec.Pid,
        }, ApiJson.Default.ExecInspectBody).ConfigureAwait(false);
    }

    private static async Task Resize(ApiRequest request)
    {
        var (rows, columns) = TerminalSizes.Of(request.Query);
        if (request.Services.Execs.Resize(request["id"], rows, columns))
            return;
        var exec = await FindAsync(request).ConfigureAwait(false);
        throw new VitrineException(ErrorKind.Conflict, exec.IsRunning
            ? $"exec {exec.Id} is relayed by another server: its terminal cannot be resized here"
            : $"exec {exec.Id} is not running");
    }

    private static async Task<ExecInstance> FindAsync(ApiRequest request)
    {
        try
        {
            return await request.Engine.InspectExecAsync(request["id"], request.Aborted).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound && request.Services.Execs.Find(request["id"]) is { } ended)
        {
            return ended;
        }
    }
}
