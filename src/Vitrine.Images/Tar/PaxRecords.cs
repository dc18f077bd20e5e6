using System.Buffers.Text;
using Vitrine.Linux;

namespace Vitrine.Images.Tar;

/// <summary>
/// The records of a pax extended header (POSIX.1-2001 pax, "Extended Header"): "LENGTH KEY=VALUE\n", where LENGTH counts the
/// whole record. Values are bytes and may hold newlines and NULs.
/// </summary>
internal ref struct PaxRecords(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether what was read so far was malformed; reading has stopped there.</summary>
    public bool IsMalformed { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        IsMalformed = !TryTake();
        return !IsMalformed;
    }

    private bool TryTake()
    {
        if (!Utf8Parser.TryParse(_rest, out int length, out var digits) || length <= digits + 1 || length > _rest.Length)
            return false;
        if (_rest[digits] != ' ' || _rest[length - 1] != '\n')
            return false;
        var record = _rest[(digits + 1)..(length - 1)];
        var equals = record.IndexOf((byte)'=');
        if (equals <= 0)
            return false;
        Key = record[..equals];
        Value = record[(equals + 1)..];
        _rest = _rest[length..];
        return !Key.Contains((byte)0);
    }

    /// <summary>A decimal number that is all of the value.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    /// <summary>Seconds with any number of decimals; those beyond nanoseconds are cut off.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out FileTime time)
    {
        time = default;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? default : text[(point + 1)..];
        if (!TryNumber(whole, out var seconds) || decimals.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        uint nanoseconds = 0;
        for (var i = 0; i < 9; i++)
            nanoseconds = (nanoseconds * 10) + (i < decimals.Length ? (uint)(decimals[i] - '0') : 0);

        // The kernel counts nanoseconds up from the second below: -1.25 is -2 s + 750 000 000 ns.
        var isNegative = whole[0] == '-';
        if (isNegative && seconds == long.MinValue)
            return false;
        time = isNegative && nanoseconds > 0 ? new(seconds - 1, 1_000_000_000 - nanoseconds) : new(seconds, nanoseconds);
        return true;
    }
}
