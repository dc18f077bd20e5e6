using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Netlink;

/// <summary>Hears of changes to nftables in the network namespace it was opened in (NFNLGRP_NFTABLES, nft monitor).</summary>
public sealed class NftMonitor : IDisposable
{
    private const int Netfilter = 12;
    private const int Subsystem = 10;
    private const int Generation = 15;

    /// <summary>Group 7 as a bit of a mask that begins with group 1.</summary>
    private const uint Nftables = 1u << 6;

    private readonly NetlinkSocket _socket = new(Netfilter, Nftables);

    /// <summary>Is readable when something has changed.</summary>
    public SafeFileHandle Handle => _socket.Handle;

    public void Dispose() => _socket.Dispose();

    /// <summary>Reads all that has come.</summary>
    /// <param name="tables">How the names of the tables begin that are of interest.</param>
    /// <returns>Whether one of these, or something in it, was changed, or more has happened than the socket could hold.</returns>
    public bool Drain(string tables)
    {
        var changed = false;
        try
        {
            _socket.Drain((type, payload) => changed |= IsOf(tables, type, payload));
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOBUFS)
        {
            changed = true;
        }
        return changed;
    }

    /// <summary>All messages of nf_tables but the one that ends a batch have the table's name first.</summary>
    internal static bool IsOf(string tables, ushort type, ReadOnlySpan<byte> payload)
    {
        if (type >> 8 != Subsystem || (type & 0xff) == Generation || payload.Length <= 4)
            return false;
        var reader = new AttributeReader(payload[4..]);
        while (reader.Next())
        {
            if (reader.Type == 1)
                return reader.Text.StartsWith(tables, StringComparison.Ordinal);
        }
        return false;
    }
}
