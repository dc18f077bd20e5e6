using System.Text;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;

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
}
