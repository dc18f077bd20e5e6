using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Linux.Systemd;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

public sealed partial class ContainerCgroup
{
    private static ContainerCgroup PlanScope(CgroupRequest request, CgroupLayout layout)
    {
        if (!SystemdManager.IsRunning)
            throw new VitrineException(ErrorKind.Unavailable,
                "systemd cgroup flag passed, but systemd is not running on this host (there is no /run/systemd/system): leave --systemd-cgroup out");
        var unit = SystemdUnit.Parse(request.Path, request.Id, request.Rootless);
        var controlGroup = unit.User ? Ask(unit, manager => manager.ControlGroup()) : "";
        return new(Cgroup.Open(unit.PathBelow(controlGroup), layout), request, unit);
    }

    /// <summary>(1) systemd makes the scope around the process, (2) what systemd does not know of is done by hand.</summary>
    private void StartScope(int pid)
    {
        var unit = _unit!;
        var devices = DeviceRules.Compile(_request!.Resources?.Devices);
        Ask(unit, manager =>
        {
            manager.Start(unit.Name, unit.StartProperties(_request, pid, devices, Cgroup.Layout));
            return true;
        });
        try
        {
            // Where systemd really put it: slices may be elsewhere than their names say.
            foreach (var membership in CgroupMembership.Parse(File.ReadAllBytes($"/proc/{pid}/cgroup")))
                if ((membership.IsV2 && Cgroup.Layout.IsUnified) || membership.Name == "systemd")
                    Cgroup = Cgroup.Open(membership.Path, Cgroup.Layout);
            Make(devices);
        }
        catch
        {
            StopScope();
            throw;
        }
    }

    private void UpdateScope(Resources resources)
    {
        if (_unit is null || SystemdUnit.LimitProperties(resources, Cgroup.Layout, Cgroup.Read) is not { Count: > 0 } properties)
            return;
        Ask(_unit, manager =>
        {
            manager.SetProperties(_unit.Name, properties);
            return true;
        });
    }

    /// <summary>A scope ends with its last process: this ends one that has none or failed, and takes it off systemd's list.</summary>
    private void StopScope()
    {
        if (_unit is null || !SystemdManager.IsRunning)
            return;
        Ask(_unit, manager =>
        {
            manager.Stop(_unit.Name);
            return true;
        });
    }

    private static T Ask<T>(SystemdUnit unit, Func<SystemdManager, T> question)
    {
        try
        {
            using var manager = SystemdManager.Connect(unit.User);
            return question(manager);
        }
        catch (IOException e)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"unable to apply cgroup configuration: systemd unit {unit.Name}: {e.Message}", e);
        }
    }
}
