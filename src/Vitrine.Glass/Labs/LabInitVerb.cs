using System.Text;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Labs;

/// <summary>
/// The first process of a lab's sandbox, <c>vitrine-glass __lab</c>: makes its namespaces fit to live in, reaps whoever is orphaned, and
/// ends when nobody holds the other end of its stdin any more. The kernel then kills everything in its pid namespace and drops
/// its mounts and network, however the lab ended.
/// </summary>
internal sealed class LabInitVerb : GlassVerb
{
    /// <summary>What it is called by; nothing for people.</summary>
    public const string Name = "__lab";

    /// <summary>What it says when the sandbox is ready; anything else is why it is not.</summary>
    public const string Ready = "ready\n";

    private const int Tick = 20;

    public override string Usage => "";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (Environment.ProcessId != 1)
            throw new VitrineException(ErrorKind.Invalid, "it is started by vitrine lab, as the first process of a sandbox");
        MountTable.Mount("lab", LabPaths.Root, "tmpfs", MountFlags.None, "mode=0755");
        RenewSysfs();
        using (var route = new RouteSocket())
            route.SetUp(RouteSocket.Loopback);
        // Of this network namespace: so that no first container has to tell that it changed it.
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        foreach (var directory in (ReadOnlySpan<string>)[LabPaths.Lab, LabPaths.Commands, LabPaths.Steps])
            Directory.CreateDirectory(directory);
        Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(Ready));
        while (Poll.Wait(Fd.StandardInput, PollEvents.Read, Tick) == PollEvents.None)
        {
            while (ThisProcess.ReapAny() is not null)
            {
                // Orphans; nobody asks how they ended.
            }
        }

        return Task.FromResult(0);
    }

    /// <summary>
    /// A sysfs shows the interfaces of the network namespace that it was mounted in: /sys/class/net is the host's until this is done.
    /// What is mounted on the host's one, cgroups above all, moves over to it.
    /// </summary>
    private static void RenewSysfs()
    {
        const string sys = "/sys";
        var fresh = $"{LabPaths.Root}/sys";
        var mounts = ProcFs.Host.ReaderMounts();
        if (mounts.LastOrDefault(mount => mount.MountPoint == sys) is not { FileSystem: "sysfs" } old)
            return;
        Directory.CreateDirectory(fresh);
        MountTable.Mount("sysfs", fresh, "sysfs", MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec);
        foreach (var mount in mounts.Where(mount => mount.ParentId == old.Id))
            MountTable.Mount(mount.MountPoint, fresh + mount.MountPoint[sys.Length..], null, MountFlags.Move);
        MountTable.Unmount(sys);
        MountTable.Mount(fresh, sys, null, MountFlags.Move);
        Directory.Delete(fresh);
    }
}
