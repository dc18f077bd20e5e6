using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Netlink;

/// <summary>Hears of changes to nftables in the network namespace it was opened in (NFNLGRP_NFTABLES, nft monitor).</summary>
public sealed class NftMonitor : IDisposable
{
    private const int Netfilter = 12;
    private const int Subsystem = 10;
    private const int TableDeleted = 2;
    private const int ChainDeleted = 5;
    private const int RuleDeleted = 8;
    private const int SetDeleted = 11;

    /// <summary>Group 7 as a bit of a mask that begins with group 1.</summary>
    private const uint Nftables = 1u << 6;

    private readonly NetlinkSocket _socket = new(Netfilter, Nftables);

    /// <summary>Is readable when something has changed.</summary>
    public SafeFileHandle Handle => _socket.Handle;

    public void Dispose() => _socket.Dispose();

    /// <summary>Reads all that has come.</summary>
    /// <returns>Whether a table, a chain, a rule or a set was deleted, or more has happened than the socket could hold.</returns>
    public bool Drain()
    {
        var deleted = false;
        try
        {
            _socket.Drain((type, _) => deleted |= IsDeletion(type));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOBUFS)
        {
            deleted = true;
        }
        return deleted;
    }

    internal static bool IsDeletion(ushort type) =>
        type >> 8 == Subsystem && (type & 0xff) is TableDeleted or ChainDeleted or RuleDeleted or SetDeleted;
}
