using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Insight.Packages;

/// <summary>
/// Finds the package a file belongs to in the plain lists of dpkg (/var/lib/dpkg/info/*.list) and apk (/lib/apk/db/installed), and in
/// rpm's database.
/// </summary>
internal static class PackageFinder
{
    private const ResolveFlags Inside = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;

    /// <summary>Lists are read until so many bytes are: a container may have any number of them.</summary>
    private const int Budget = 16 << 20;

    /// <summary>The names of all files of a whole distribution take a few million bytes, and its packages' headers some ten millions.</summary>
    private const int RpmBudget = 64 << 20;

    /// <summary>The newest format first: where rpm has moved to it, an old one may have been left.</summary>
    private static readonly string[] s_rpmDatabases =
        [.. new[] { "rpmdb.sqlite", "Packages.db", "Packages" }.SelectMany(name => new[] { $"usr/lib/sysimage/rpm/{name}", $"var/lib/rpm/{name}" })];

    /// <summary>The package's name, or null.</summary>
    /// <param name="root">The container's root directory.</param>
    /// <param name="path">An absolute path in it.</param>
    public static string? Find(SafeFileHandle root, string path)
    {
        var names = Names(path);
        var left = Budget;
        return Dpkg(root, names, ref left) ?? Apk(root, names, ref left) ?? Rpm(root, names);
    }

    /// <summary>Where /bin is a link to /usr/bin, lists have files under either name.</summary>
    private static string[] Names(string path) =>
        path.StartsWith("/usr/", StringComparison.Ordinal) ? [path, path["/usr".Length..]] : [path, "/usr" + path];

    private static string? Dpkg(SafeFileHandle root, string[] names, ref int left)
    {
        const string suffix = ".list";
        if (FileAt.TryOpen(root, "var/lib/dpkg/info"u8, OpenFlags.Directory, Inside, 0, out var info) != Errno.None)
            return null;
        using (info)
        {
            using var reader = new DirectoryReader(info!);
            while (left > 0 && reader.MoveNext())
            {
                if (reader.Name.EndsWith(".list"u8) && Read(info!, reader.Name, ref left) is { } list && names.Any(name => HasLine(list, name)))
                    return Encoding.UTF8.GetString(reader.Name)[..^suffix.Length];
            }
        }

        return null;
    }

    // P:name begins a package, F:directory names where the R:file lines after it are.
    private static string? Apk(SafeFileHandle root, string[] names, ref int left)
    {
        if (Read(root, "lib/apk/db/installed"u8, ref left) is not { } database)
            return null;
        string package = "", directory = "";
        foreach (var line in Encoding.UTF8.GetString(database).AsSpan().EnumerateLines())
        {
            if (line.StartsWith("P:", StringComparison.Ordinal))
                package = line[2..].ToString();
            else if (line.StartsWith("F:", StringComparison.Ordinal))
                directory = line[2..].ToString();
            else if (line.StartsWith("R:", StringComparison.Ordinal) && names.Contains($"/{directory}/{line[2..]}"))
                return package;
        }

        return null;
    }

    private static string? Rpm(SafeFileHandle root, string[] names)
    {
        foreach (var place in s_rpmDatabases)
        {
            if (FileAt.TryOpen(root, Encoding.UTF8.GetBytes(place), OpenFlags.ReadOnly | OpenFlags.NonBlocking, Inside, 0, out var file) != Errno.None)
                continue;
            using (file)
            {
                if (FileAt.TryStatus(file!, default, out var status) == Errno.None && status.Kind == FileKind.Regular)
                    return RpmDatabase.Find(file!, names, RpmBudget);
            }
        }

        return null;
    }

    private static bool HasLine(ReadOnlySpan<byte> list, string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name + "\n");
        for (var at = list.IndexOf(wanted); at >= 0;)
        {
            if (at == 0 || list[at - 1] == '\n')
                return true;
            var next = list[(at + 1)..].IndexOf(wanted);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static byte[]? Read(SafeFileHandle directory, ReadOnlySpan<byte> path, ref int left)
    {
        // Without waiting: what is named like a list could be a fifo.
        if (FileAt.TryOpen(directory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking, Inside, 0, out var file) != Errno.None)
            return null;
        using (file)
        {
            if (FileAt.TryStatus(file!, default, out var status) != Errno.None || status.Kind != FileKind.Regular || status.Size > (ulong)left)
                return null;
            var bytes = new byte[status.Size];
            var length = 0;
            while (length < bytes.Length && FileOn.Read(file!, bytes.AsSpan(length)) is > 0 and var read)
                length += read;
            left -= Math.Max(length, 1);
            return bytes[..length];
        }
    }
}
