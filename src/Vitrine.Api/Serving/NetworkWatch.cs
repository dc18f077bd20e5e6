using Vitrine.Engine;
using Vitrine.Linux;
using Vitrine.Linux.Netlink;
using Vitrine.Network;

namespace Vitrine.Api.Serving;

/// <summary>
/// Puts the firewall's rules and elements back when somebody has flushed, deleted or changed them (nft flush ruleset, a restarted
/// firewall service). The kernel tells of changes to nftables, so nothing is done and no timer runs while there are none.
/// </summary>
internal sealed class NetworkWatch(ContainerEngine engine, ServerLog log)
{
    /// <summary>Whoever flushes mostly loads rules of their own next, and who flushes again and again is not to be outrun.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            using var monitor = new NftMonitor();
            await RepairAsync(cancellation).ConfigureAwait(false);
            while (true)
            {
                await engine.Readiness.WaitAsync(monitor.Handle, EpollEvents.Read, cancellation).ConfigureAwait(false);
                if (!monitor.Drain(NetworkPaths.TablePrefix))
                    continue;
                await Task.Delay(s_settle, cancellation).ConfigureAwait(false);
                await RepairAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        catch (LinuxException e)
        {
            log.Info($"a flushed firewall will not be noticed, the next start of a container repairs it: {e.Message}");
        }
    }

    private async Task RepairAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var line in await engine.RepairFirewallAsync(cancellation).ConfigureAwait(false))
                log.Info($"networks: {line}");
        }
        catch (Exception e) when (e is VitrineException or LinuxException or IOException)
        {
            // The next change, start of a container or network repair tries again.
            log.Error($"repairing networks: {e.Message}");
        }
    }
}
