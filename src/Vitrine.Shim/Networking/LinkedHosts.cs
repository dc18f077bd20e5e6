using System.Text;
using Vitrine.Linux;
using Vitrine.Network;
using Vitrine.Shim.Loop;

namespace Vitrine.Shim.Networking;

/// <summary>
/// The lines of /etc/hosts for the containers that one is linked to (docker's --link on the default network). An address that
/// changes, because the other came back to another one, is a change in the directory of leases; one that has stopped keeps its line.
/// </summary>
internal sealed class LinkedHosts : IDisposable
{
    private readonly NetworkPaths _paths;
    private readonly IReadOnlyList<HostLink> _links;
    private readonly Action _changed;
    private readonly Inotify _notices;
    private readonly Watch _watch;
    private readonly string[] _addresses;

    private LinkedHosts(EventLoop loop, NetworkPaths paths, IReadOnlyList<HostLink> links, Action changed)
    {
        (_paths, _links, _changed) = (paths, links, changed);
        _addresses = new string[links.Count];
        Array.Fill(_addresses, "");
        // All are of one network. Watched first, so that no change is missed.
        _notices = Inotify.WatchDirectory(paths.LeasesOf(links[0].Network));
        _watch = loop.Watch(_notices.Handle, EpollEvents.Read, _ => OnNotice());
        Look();
    }

    /// <summary>The lines.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            for (var i = 0; i < _links.Count; i++)
            {
                if (_addresses[i].Length > 0)
                    text.Append(_addresses[i]).Append('\t').AppendJoin(' ', _links[i].Names).Append('\n');
            }
            return text.ToString();
        }
    }

    /// <summary>Those of a sandbox's plan; null where it has no links.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="sandbox">Whose.</param>
    /// <param name="changed">Called when an address is another one than before.</param>
    /// <exception cref="LinuxException">The user's limit of inotify watches is reached.</exception>
    public static LinkedHosts? Of(EventLoop loop, Sandbox sandbox, Action changed) =>
        sandbox.Plan.HostLinks is { Count: > 0 } links ? new LinkedHosts(loop, sandbox.Paths, links, changed) : null;

    public void Dispose()
    {
        _watch.Dispose();
        _notices.Dispose();
    }

    private void OnNotice()
    {
        _notices.Clear();
        if (Look())
            _changed();
    }

    /// <summary>Reads the leases; returns whether an address has changed.</summary>
    private bool Look()
    {
        var changed = false;
        var leases = Leases.Of(_paths, _links[0].Network);
        for (var i = 0; i < _links.Count; i++)
        {
            var address = leases.Find(lease => lease.Sandbox == _links[i].Container)?.Ip ?? _addresses[i];
            changed |= address != _addresses[i];
            _addresses[i] = address;
        }
        return changed;
    }
}
