using System.Text;

namespace Vitrine.Linux;

/// <summary>File names are bytes: how they become NUL-terminated arguments, and how they are shown to people.</summary>
public static class CString
{
    /// <summary>The kernel's PATH_MAX: the longest path of one call, in bytes with its NUL.</summary>
    internal const int PathMax = 4096;

    /// <summary>A path as text for messages; bytes that are not UTF-8 are written as <c>\xNN</c>.</summary>
    public static string Display(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder(path.Length);
        while (!path.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(path, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.Done && !Rune.IsControl(rune))
                text.Append(rune);
            else
                foreach (var octet in path[..used])
                    text.Append("\\x").Append(Convert.ToHexStringLower([octet]));
            path = path[used..];
        }

        return text.ToString();
    }

    /// <summary>Copies a path into a buffer of <see cref="PathMax"/> bytes and ends it with NUL.</summary>
    /// <returns>ENAMETOOLONG if it does not fit, EINVAL if it holds a NUL itself (the kernel would see another path).</returns>
    internal static unsafe Errno Terminate(ReadOnlySpan<byte> path, byte* buffer)
    {
        if (path.Length >= PathMax)
            return Errno.ENAMETOOLONG;
        if (path.Contains((byte)0))
            return Errno.EINVAL;
        path.CopyTo(new Span<byte>(buffer, PathMax));
        buffer[path.Length] = 0;
        return Errno.None;
    }
}
