using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime.Containers;

/// <summary>
/// Creates a container: (1) claim the id and take the lock, (2) keep the configuration, (3) record what has to be cleaned up,
/// (4) make the cgroup, (5) launch, and record the pid before the process does anything that lasts, (6) run the hooks of the
/// creation while the process waits, (7) when it is finished say so. A failure undoes everything; after a crash the record
/// lets delete do so.
/// </summary>
public sealed class ContainerCreation
{
    private readonly CreationRequest _request;
    private readonly ContainerDirectory _directory;
    private readonly Spec _spec;
    private readonly byte[] _configuration;
    private readonly CgroupLayout _layout = CgroupLayout.Read();
    private readonly ContainerCgroup _cgroup;
    private ContainerRecord _record;
    private SafeFileHandle? _fifo;

    private ContainerCreation(ContainerStore store, CreationRequest request)
    {
        _request = request;
        store.DemandFree(request.Id);
        (_configuration, _spec) = ContainerDirectory.ReadBundle(request.Bundle);
        _cgroup = ContainerCgroup.Plan(new CgroupRequest
        {
            Id = request.Id,
            Path = _spec.Linux?.CgroupsPath,
            Resources = _spec.Linux?.Resources,
            Annotations = _spec.Annotations,
            Systemd = request.SystemdCgroup,
            Rootless = request.Rootless,
            Owner = CgroupOwner.Of(_spec),
            Layout = _layout,
        });
        // For a cgroup mount without a cgroup namespace: the place that was decided on.
        _spec = _spec with { Linux = (_spec.Linux ?? new LinuxSpec()) with { CgroupsPath = _cgroup.Cgroup.Path } };
        request.CheckTerminal?.Invoke(_spec.Process?.Terminal == true);
        _record = FirstRecord();
        RefuseTakenCgroup();
        _directory = store.Claim(request.Id);
    }

    /// <summary>Creates the container.</summary>
    /// <returns>The container, and its first process: a child of this one.</returns>
    /// <exception cref="VitrineException">It could not be created; nothing is left of it.</exception>
    public static (Container Container, LaunchedProcess Process) Run(ContainerStore store, CreationRequest request)
    {
        var creation = new ContainerCreation(store, request);
        try
        {
            using var locked = creation._directory.Lock();
            return creation.Create();
        }
        catch
        {
            creation.Undo();
            throw;
        }
        finally
        {
            creation._fifo?.Dispose();
        }
    }

    private (Container Container, LaunchedProcess Process) Create()
    {
        _request.Crash.Pass();
        _directory.WriteConfiguration(_configuration);
        _request.Crash.Pass();
        if (_request.WaitsForStart)
            _fifo = _directory.MakeFifo();
        var program = Compile();
        foreach (var warning in program.Warnings)
            _request.Warn(warning);
        _directory.Write(_record);
        _request.Crash.Pass();
        _cgroup.Create();
        _request.Crash.Pass();

        var io = program.Terminal ? StandardIo.Terminal : new StandardIo(Fd.StandardInput, Fd.StandardOutput, Fd.StandardError);
        var process = Launcher.Launch(program, io, _cgroup, new LaunchEvents
        {
            Identified = Identify,
            Hooks = RunHooks,
            KillBefore = _request.Crash.Instruction,
        });
        try
        {
            Finish(process);
            return (new Container(_directory, _record, _layout), process);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private ContainerRecord FirstRecord() => new()
    {
        Id = _request.Id,
        OciVersion = _spec.OciVersion,
        Bundle = _request.Bundle,
        Rootfs = SpecPath.OnHost(_spec.Root?.Path ?? "rootfs", _request.Bundle),
        Created = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
        Cgroup = _cgroup.ToText(),
        HasHooks = _spec.Linux?.IntelRdt is not null || _spec.Hooks is { } hooks && (hooks.StartContainer?.Count > 0 || hooks.Poststart?.Count > 0 || hooks.Poststop?.Count > 0),
        Annotations = _spec.Annotations ?? new Dictionary<string, string>(),
    };

    private SetupProgram Compile() => SetupCompiler.Compile(WithHome(_spec), new SetupOptions
    {
        BundlePath = _request.Bundle,
        RootfsMountPoint = _record.Rootfs,
        Cgroups = _layout,
        Cgroup = _cgroup.Cgroup,
        StartFifo = _fifo,
        Ties = new ProcessTies(Outlives: true, _request.PreservedFiles),
        RunsHooks = true,
        ContainerId = _request.Id,
    });

    private Spec WithHome(Spec spec) =>
        spec.Process is { User: not null } process ? spec with { Process = HomeDirectory.Add(process, _record.Rootfs) } : spec;

    private void Identify(int pid)
    {
        _request.Crash.Pass();
        _record = _record with { Pid = pid, StartTime = ProcFs.Host.Stat(pid)?.StartTime ?? 0, Cgroup = _cgroup.ToText() };
        _directory.Write(_record);
        _request.Crash.Pass();
        ResctrlGroup.Of(_spec.Linux?.IntelRdt, _record.Id)?.Join(pid);
        NetworkDevices.Move(_spec, pid);
    }

    private void RunHooks(ExecTarget target)
    {
        if (_spec.Hooks is not { } hooks)
            return;
        var runner = new HookRunner(StateText.ForHook(_record, ContainerStatus.Creating));
        runner.OnHost("prestart", hooks.Prestart);
        runner.OnHost("createRuntime", hooks.CreateRuntime);
        runner.InContainer("createContainer", hooks.CreateContainer, hook => SetupCompiler.CompileHook(_spec, hook, target), cgroup: null);
    }

    private void Finish(LaunchedProcess process)
    {
        // A scope of systemd, and who may not move a process, know only now.
        foreach (var warning in _cgroup.Warnings)
            _request.Warn(warning);
        foreach (var warning in process.Warnings)
            _request.Warn(warning);
        _request.Finished?.Invoke(process);
        _request.Crash.Pass();
        if (_request.WaitsForStart)
            _directory.FinishFifo();
        _request.Crash.Pass();
    }

    /// <summary>At its end everything in a container's cgroup is killed: it must be the container's alone.</summary>
    private void RefuseTakenCgroup()
    {
        var cgroup = _cgroup.Cgroup;
        if (cgroup.Exists && cgroup.Processes() is { Count: > 0 and var count })
            throw new VitrineException(ErrorKind.Conflict, $"container's cgroup {cgroup.Path} is not empty: {count} process(es) found");
    }

    private void Undo()
    {
        try
        {
            var container = new Container(_directory, _record, _layout);
            container.Kill();
            container.Destroy(_request.Warn);
        }
        catch (Exception e) when (e is IOException or VitrineException or UnauthorizedAccessException)
        {
            _request.Warn($"cleaning up: {e.Message}");
        }
    }
}
