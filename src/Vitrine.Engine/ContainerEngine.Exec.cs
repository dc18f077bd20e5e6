using Vitrine.Engine.Bundle;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Running;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <content>Further processes.</content>
public sealed partial class ContainerEngine
{
    /// <summary>Runs a further process in a running container.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="exec">What to run.</param>
    /// <param name="streams">File descriptors handed to the process as its stdin, stdout and stderr: no byte is copied.
    /// Null gives it /dev/null; not used with a terminal.</param>
    /// <param name="cancellation">Honoured until the process has started.</param>
    /// <exception cref="ContainerStartException">The process could not be started; has docker's exit code 126 or 127.</exception>
    public Task<ExecSession> ExecAsync(string container, ExecConfig exec, ExecStreams? streams = null, CancellationToken cancellation = default) =>
        Blocking.Now(() =>
        {
            var found = _containers.Get(container);
            CheckExec(found, exec);
            var id = NewExec(found, exec);
            return Exec(found, exec, streams, id, statusFile: null, cancellation);
        }, cancellation);

    /// <summary>An id for an exec, and the event that there is one.</summary>
    private string NewExec(Container found, ExecConfig exec)
    {
        var id = Entropy.NewId();
        _happenings.Container(found.Record, "exec_create: " + string.Join(' ', exec.Cmd ?? []), "execID", id);
        return id;
    }

    private static void CheckExec(Container found, ExecConfig exec)
    {
        if (found.State.Status is ContainerStatus.Restarting)
            throw Cannot($"Container {found.Id} is restarting, wait until the container is running");
        if (found.State.Status is ContainerStatus.Paused)
            throw Cannot($"Container {found.Id} is paused, unpause the container before exec");
        if (exec.Cmd is not { Count: > 0 })
            throw new VitrineException(ErrorKind.Invalid, "No exec command specified");
    }

    private ExecSession Exec(Container found, ExecConfig exec, ExecStreams? streams, string id, string? statusFile, CancellationToken cancellation)
    {
        CheckExec(found, exec);
        var request = new ExecRequest { Process = ExecProcess(found, exec), Privileged = exec.Privileged, Id = id, StatusFile = statusFile };
        var client = found.Connect();
        try
        {
            return new ExecSession(client, client.Exec(request, streams?.Stdin, streams?.Stdout, streams?.Stderr, streams?.Drained, cancellation));
        }
        catch (ShimFailedException e)
        {
            client.Dispose();
            throw new ContainerStartException(e.Message, e.ExitCode);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private ProcessSpec ExecProcess(Container found, ExecConfig exec)
    {
        var (config, host) = (found.Record.Config, found.Record.HostConfig);
        var user = ExecUser(found, exec.User.Length > 0 ? exec.User : config.User);
        var kernel = Linux.Capabilities.OfKernel();
        return new ProcessSpec
        {
            Terminal = exec.Tty,
            ConsoleSize = exec.Tty && exec.ConsoleSize is [> 0 and var height, > 0 and var width]
                ? new ConsoleSize { Height = (ushort)height, Width = (ushort)width }
                : null,
            User = new User { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.Groups },
            Args = exec.Cmd,
            Env = ProcessEnvironment.OfExec(config, exec, user.Home),
            Cwd = AbsolutePath.Clean(exec.WorkingDir.Length > 0 ? exec.WorkingDir : config.WorkingDir),
            Capabilities = CapabilityPolicy.Sets(exec.Privileged ? kernel : CapabilityPolicy.Of(host, kernel), user.Uid),
            NoNewPrivileges = !exec.Privileged && SpecBuilder.NoNewPrivileges(host, user.Uid),
            Rlimits = SpecBuilder.Rlimits(host),
            ApparmorProfile = exec.Privileged ? null : SecuritySettings.AppArmor(host),
            OomScoreAdj = host.OomScoreAdj != 0 ? host.OomScoreAdj : null,
        };
    }

    private ProcessUser ExecUser(Container found, string user)
    {
        using var tree = RootFs.Open(_store.Paths, found.Record, upper: true);
        return RootFs.ResolveUser(tree, user, found.Record.HostConfig.GroupAdd);
    }
}
