using System.Text.Json;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Engine;

/// <content>
/// Execs in docker's two steps: created, then started by whoever knows the id. They are small files in the exec root, which any
/// engine can read, and end with the container's run.
/// </content>
public sealed partial class ContainerEngine
{
    /// <summary>docker's exit code of a process that could not be run.</summary>
    private const int CannotRun = 126;

    private static readonly TimeSpan s_execsKept = TimeSpan.FromMinutes(5);

    /// <summary>Prepares a further process in a running container.</summary>
    /// <returns>The id of the exec.</returns>
    /// <exception cref="VitrineException">NotFound; Conflict: the container does not run; Invalid: no command.</exception>
    public Task<string> CreateExecAsync(string container, ExecConfig exec, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var found = _containers.Get(container);
            if (!found.State.HasShim)
                throw found.NotRunning();
            CheckExec(found, exec);
            if (!Directory.Exists(found.Paths.RunDirectory))
                throw found.NotRunning();
            PrivateDirectory.Create(found.Paths.Execs);
            RemoveOldExecs(found.Paths);
            var id = NewExec(found, exec);
            AtomicFile.Write(found.Paths.Exec(id), JsonSerializer.SerializeToUtf8Bytes(exec, DockerJson.Default.ExecConfig), durable: false);
            return id;
        }, cancellation);

    /// <summary>What an exec is and how it goes.</summary>
    /// <exception cref="VitrineException">NotFound: no such exec, or its container's run is over.</exception>
    public Task<ExecInstance> InspectExecAsync(string id, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var (paths, exec) = FindExec(id);
            return Describe(id, paths, exec);
        }, cancellation);

    /// <summary>Takes the right to start an exec: it is started once.</summary>
    /// <exception cref="VitrineException">NotFound; Conflict: it was started already, or its container is paused or restarts.</exception>
    public Task<ExecInstance> ClaimExecAsync(string id, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var (paths, exec) = FindExec(id);
            CheckExec(_containers.Get(Path.GetFileName(paths.Directory)), exec);
            TakeExec(paths, id);
            return Describe(id, paths, exec);
        }, cancellation);

    /// <summary>Starts an exec that the caller has claimed.</summary>
    /// <param name="claimed">The exec.</param>
    /// <param name="streams">As in <see cref="ExecAsync"/>.</param>
    /// <param name="size">Rows and columns of its terminal, if it has one; null leaves what was said at its creation.</param>
    /// <param name="cancellation">Honoured until the process has started.</param>
    /// <exception cref="ContainerStartException">The process could not be started.</exception>
    public Task<ExecSession> StartExecAsync(ExecInstance claimed, ExecStreams? streams = null, (ushort Rows, ushort Columns)? size = null,
        CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var found = _containers.Get(claimed.ContainerId);
            var (paths, exec, id) = (found.Paths, claimed.Config, claimed.Id);
            if (size is var (rows, columns))
                exec = exec with { ConsoleSize = [rows, columns] };
            try
            {
                return Exec(found, exec, streams, id, paths.ExecStatus(id), cancellation);
            }
            catch (VitrineException e)
            {
                RecordFailure(paths, id, e is ContainerStartException start ? start.ExitCode : CannotRun);
                throw;
            }
        }, cancellation);

    /// <summary>Docker's clients learn from the exit code that the program was not found, or could not be run: without one it would be 0.</summary>
    private static void RecordFailure(ContainerPaths paths, string exec, int exitCode)
    {
        try
        {
            AtomicFile.Write(paths.ExecStatus(exec), ShimCodec.Write(new ShimProtocol.ExecStatus { ExitCode = exitCode }).Span, durable: false);
        }
        catch (IOException) when (!Directory.Exists(paths.Execs))
        {
            // The container has ended, and its execs with it.
        }
    }

    /// <summary>The execs of a container that run.</summary>
    private static List<string>? ExecIds(Container found)
    {
        if (!found.State.IsRunning || !Directory.Exists(found.Paths.Execs))
            return null;
        var running = Directory.EnumerateFiles(found.Paths.Execs, "*.status").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(id => Status(found.Paths, id) is { ExitCode: null }).ToList();
        return running.Count > 0 ? running : null;
    }

    /// <summary>An exec is started once: whoever makes this file has the right to.</summary>
    private static void TakeExec(ContainerPaths paths, string id)
    {
        try
        {
            File.OpenHandle(paths.ExecStatus(id) + ".taken", FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (DirectoryNotFoundException)
        {
            throw NoSuchExec(id);
        }
        catch (IOException) when (File.Exists(paths.ExecStatus(id) + ".taken"))
        {
            var status = Status(paths, id);
            throw Cannot(status is { ExitCode: null } ? $"exec command {id} is already running" : $"exec command {id} has already run");
        }
    }

    private (ContainerPaths Paths, ExecConfig Exec) FindExec(string id)
    {
        if (!ContainerStore.IsId(id) || !Directory.Exists(_store.Paths.RunContainers))
            throw NoSuchExec(id);
        foreach (var directory in Directory.EnumerateDirectories(_store.Paths.RunContainers))
        {
            var paths = _store.Paths.Container(Path.GetFileName(directory));
            if (ReadExec(paths.Exec(id)) is { } exec)
                return (paths, exec);
        }
        throw NoSuchExec(id);
    }

    private static ExecConfig? ReadExec(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), DockerJson.Default.ExecConfig);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static ShimProtocol.ExecStatus? Status(ContainerPaths paths, string id)
    {
        try
        {
            return ShimCodec.ReadExecStatus(File.ReadAllBytes(paths.ExecStatus(id)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static ExecInstance Describe(string id, ContainerPaths paths, ExecConfig exec)
    {
        var status = Status(paths, id);
        return new ExecInstance
        {
            Id = id,
            ContainerId = Path.GetFileName(paths.Directory),
            Config = exec,
            IsRunning = status is { ExitCode: null },
            Pid = status?.Pid ?? 0,
            ExitCode = status?.ExitCode,
        };
    }

    /// <summary>Forgets execs that ended some time ago, as docker does: a container's run can be long and have many.</summary>
    private void RemoveOldExecs(ContainerPaths paths)
    {
        var before = (_options.Time.GetUtcNow() - s_execsKept).UtcDateTime;
        foreach (var file in Directory.EnumerateFiles(paths.Execs, "*.status"))
        {
            var id = Path.GetFileNameWithoutExtension(file);
            if (File.GetLastWriteTimeUtc(file) >= before || Status(paths, id) is not { ExitCode: not null })
                continue;
            foreach (var old in new[] { paths.Exec(id), file + ".taken", file })
                File.Delete(old);
        }
    }

    private static VitrineException NoSuchExec(string id) => new(ErrorKind.NotFound, $"No such exec instance: {id}");
}

/// <summary>A further process in a container, by docker's two steps.</summary>
public sealed record ExecInstance
{
    public required string Id { get; init; }
    public required string ContainerId { get; init; }
    public required ExecConfig Config { get; init; }
    public bool IsRunning { get; init; }

    /// <summary>Host pid; 0 before the start.</summary>
    public int Pid { get; init; }

    /// <summary>Null until it has ended.</summary>
    public int? ExitCode { get; init; }
}
