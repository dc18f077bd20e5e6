using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;
using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>
/// Moves interfaces of the host into a container's network namespace (runtime-spec config-linux.md, Network Devices), with the
/// addresses that were given to stay, and sets them up. What becomes of them at the container's end is the kernel's affair.
/// </summary>
internal static class NetworkDevices
{
    /// <summary>Refuses where the container has no namespace to move them to.</summary>
    public static void Check(Spec spec, Problems problems)
    {
        if (spec.Linux?.NetDevices is { Count: > 0 })
            problems.Unless(spec.Linux.Namespaces?.Any(item => item.Type == "network") == true, $"linux.netDevices: needs a network namespace");
    }

    /// <param name="spec">The configuration.</param>
    /// <param name="pid">A process in the namespace, where the container makes one.</param>
    /// <exception cref="SetupException">An interface is not there, or cannot be moved.</exception>
    public static void Move(Spec spec, int pid)
    {
        if (spec.Linux?.NetDevices is not { Count: > 0 } devices)
            return;
        var path = spec.Linux.Namespaces!.First(item => item.Type == "network").Path;
        path = string.IsNullOrEmpty(path) ? $"/proc/{pid}/ns/net" : path;
        // A container that joins a user namespace makes its own only after it, when this is over.
        if (new FileInfo(path).LinkTarget is { } link && link == new FileInfo("/proc/self/ns/net").LinkTarget)
            throw Invalid.Unsupported("linux.netDevices with the host's network, or with a user namespace that is joined,");
        using var target = Fd.Open(path, OpenFlags.ReadOnly);
        foreach (var (name, device) in devices)
        {
            try
            {
                Move(name, string.IsNullOrEmpty(device.Name) ? name : device.Name, target);
            }
            catch (LinuxException e)
            {
                throw new SetupException($"unable to start container process: error during container init: linux.netDevices.{name}: {e.Message}", cause: e);
            }
        }
    }

    private static void Move(string name, string newName, SafeFileHandle target)
    {
        using var host = new RouteSocket();
        var link = host.FindLink(name) ?? throw new LinuxException("find interface", name, Errno.ENODEV);
        var addresses = host.LastingAddresses(link.Index);
        var there = NetworkNamespace.Enter(target, static () => Links());
        host.MoveLink(link.Index, target, newName);
        NetworkNamespace.Enter(target, () =>
        {
            using var inside = new RouteSocket();
            // Its index and, with %d, its name are the kernel's to choose.
            var moved = inside.Links().First(candidate => !there.Contains(candidate.Index));
            foreach (var address in addresses)
                inside.AddAddress(moved.Index, address.Address, address.Prefix);
            inside.SetUp(moved.Index);
            return moved;
        });
    }

    private static HashSet<int> Links()
    {
        using var socket = new RouteSocket();
        return [.. socket.Links().Select(link => link.Index)];
    }
}
