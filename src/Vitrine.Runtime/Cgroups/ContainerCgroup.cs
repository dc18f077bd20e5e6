using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>The cgroup of a container, with its limits.</summary>
public sealed partial class ContainerCgroup
{
    private readonly List<string> _warnings = [];
    private readonly CgroupRequest? _request;
    private readonly SystemdUnit? _unit;

    private ContainerCgroup(Cgroup cgroup, CgroupRequest? request = null, SystemdUnit? unit = null)
    {
        Cgroup = cgroup;
        _request = request;
        _unit = unit;
    }

    /// <summary>The cgroup as the kernel has it.</summary>
    public Cgroup Cgroup { get; private set; }

    /// <summary>What was asked for but this host's kernel does not have, or this user may not do, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>How many times the kernel killed a process in it for want of memory.</summary>
    public long OomKills => Cgroup.OomKills();

    /// <summary>Whether the kernel killed a process in it for want of memory.</summary>
    public bool OomKilled => OomKills > 0;

    /// <summary>
    /// Whether a process cannot be started in it and must <see cref="Join"/>: a scope of systemd is made with its first process, and
    /// a user may lack the right to move one.
    /// </summary>
    public bool JoinsLate => _request is { Rootless: true } or { Systemd: true };

    /// <summary>Decides where the cgroup is, without making it: <see cref="ToText"/> may be recorded before <see cref="Create()"/>.</summary>
    /// <exception cref="VitrineException">The path names no cgroup, or there is no systemd to ask.</exception>
    public static ContainerCgroup Plan(CgroupRequest request)
    {
        var layout = request.Layout ?? CgroupLayout.Read();
        if (request.Systemd)
            return PlanScope(request, layout);
        return new(CgroupsPath.Resolve(request.Path, request.Id, layout, request.ProcRoot), request);
    }

    /// <summary>Creates the cgroup in every hierarchy and sets the limits; nothing is left of it when that fails.</summary>
    /// <param name="path">Absolute below each hierarchy, e.g. <c>/vitrine/ID</c>.</param>
    /// <param name="resources">The limits; null is none, but only the default devices.</param>
    /// <param name="layout">The host's hierarchies; read from /proc where null.</param>
    /// <exception cref="VitrineException">A limit is impossible.</exception>
    /// <exception cref="LinuxException">The kernel refused to make it.</exception>
    public static ContainerCgroup Create(string path, Resources? resources, CgroupLayout? layout = null)
    {
        var result = Plan(new CgroupRequest { Id = path, Path = path, Resources = resources, Layout = layout });
        result.Create();
        return result;
    }

    /// <summary>A cgroup that was created earlier.</summary>
    public static ContainerCgroup Open(string path, CgroupLayout? layout = null) => new(Cgroup.Open(path, layout));

    /// <summary>Creates what was planned and sets the limits; nothing is left of it when that fails.</summary>
    /// <exception cref="VitrineException">A limit is impossible, or an existing cgroup is not fit for a container.</exception>
    /// <exception cref="LinuxException">The kernel refused to make it.</exception>
    public void Create()
    {
        var devices = DeviceRules.Compile(_request?.Resources?.Devices);
        if (_unit is null)
            Make(devices);
    }

    private void Make(DeviceList devices)
    {
        try
        {
            MakeDirectories();
            if (Cgroup.FreezerState is FreezerState.Frozen or FreezerState.Freezing)
                throw new VitrineException(ErrorKind.Conflict, $"container's cgroup {Cgroup.Path} unexpectedly frozen");
            Limit(devices);
            if (_request?.Owner is { } owner)
                Cgroup.Delegate(owner);
        }
        catch
        {
            // A cgroup that others are in stays theirs.
            if (Cgroup.Processes().Count == 0)
                Delete();
            throw;
        }
    }

    /// <summary>Moves a process, with all its threads, into it.</summary>
    /// <exception cref="LinuxException">The process has gone, or the kernel refused.</exception>
    public void Join(int pid)
    {
        if (_unit is not null && _request is not null)
            StartScope(pid);
        try
        {
            Cgroup.Join(pid);
        }
        catch (LinuxException e) when (IsDoneWithout(e))
        {
            _warnings.Add($"cgroup: {e.Message}; the container stays in the cgroup of its caller");
        }
    }

    /// <summary>Changes the limits that are given, and leaves the others and the devices as they are.</summary>
    /// <exception cref="VitrineException">A limit is impossible.</exception>
    public void Update(Resources resources)
    {
        _warnings.Clear();
        // First systemd, which writes what it knows; then all of it.
        UpdateScope(resources);
        Write(resources);
    }

    /// <summary>A cgroup below it, which the container has made; itself in hierarchies where the path is null.</summary>
    /// <exception cref="ArgumentException">A path is none of a cgroup.</exception>
    public ContainerCgroup Below(Func<CgroupHierarchy, string?> path) => new(Cgroup.Below(path));

    /// <inheritdoc cref="Linux.Cgroup.KillAll"/>
    public void KillAll() => Cgroup.KillAll();

    /// <summary>Removes it and what is below it, in every hierarchy; one that does not exist is fine.</summary>
    /// <exception cref="LinuxException">EBUSY where processes are still in it after two seconds.</exception>
    public void Delete()
    {
        StopScope();
        Cgroup.Delete();
    }

    /// <summary>Makes the directories, as far as a caller may who may have no rights to them.</summary>
    private void MakeDirectories()
    {
        var refused = new List<CgroupHierarchy>();
        var reason = "";
        foreach (var hierarchy in Cgroup.Layout.Hierarchies)
        {
            try
            {
                Cgroup.Create(hierarchy);
            }
            catch (LinuxException e) when (IsDoneWithout(e))
            {
                refused.Add(hierarchy);
                reason = e.Message;
            }
        }

        if (refused.Count > 0)
        {
            var left = refused.Count == Cgroup.Layout.Hierarchies.Count ? "" : $" in {string.Join(", ", refused.Select(hierarchy => hierarchy.DirectoryName))}";
            _warnings.Add($"the container has no cgroup of its own{left}: {reason}");
            Cgroup = Cgroup.Only(hierarchy => !refused.Contains(hierarchy));
        }

        RefuseThreaded();
    }

    /// <summary>As runc: without a path of the caller's own choice, what may not be made is done without, unless a limit needs it.</summary>
    private bool IsDoneWithout(LinuxException e) =>
        _request is { Rootless: true } && string.IsNullOrEmpty(_request.Path) && e.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS;

    /// <summary>A v2 cgroup below one with threads of a process can limit only what is counted by thread.</summary>
    private void RefuseThreaded()
    {
        if (Cgroup.Read("cgroup", "cgroup.type") is not { } type || type is "domain")
            return;
        var resources = _request?.Resources ?? new Resources();
        if (resources.Memory is not null || resources.BlockIo is not null || resources.HugepageLimits is { Count: > 0 })
            throw new VitrineException(ErrorKind.Invalid, $"cannot enter cgroupv2 \"{Cgroup.Path}\" with domain controllers -- it is in {type} mode");
        if (type == "domain invalid")
            Cgroup.Write("cgroup", "cgroup.type", "threaded");
    }

    private void Limit(DeviceList devices)
    {
        try
        {
            DeviceRules.Enforce(Cgroup, devices);
        }
        catch (Exception e) when (_request is { Rootless: true } && e is LinuxException or VitrineException)
        {
            // Nobody but root may; the user namespace keeps the container from devices anyway.
        }

        Write(_request?.Resources ?? new Resources());
    }

    private void Write(Resources resources)
    {
        _warnings.AddRange(CgroupLimits.Ignored(resources, Cgroup.Layout));
        foreach (var write in CgroupWrite.ApplyAll(CgroupLimits.Writes(resources, Cgroup.Layout, Cgroup.Read), Cgroup))
            // What limits nothing without the file is no loss: reservations of huge pages, no swap where there is none.
            if (!write.File.Contains(".rsvd.", StringComparison.Ordinal) && write is not { File: "memory.swap.max", Value: "0" or "max" })
                _warnings.Add($"{write.Controller}: this kernel does not have {write.File}; {write.Value} is ignored");
    }
}
