using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Insight.Databases;

namespace Vitrine.Insight.Packages;

/// <summary>
/// Which package owns a file, by rpm's database in one of its three formats: SQLite (rpm 4.16 and later: Fedora, RHEL 9 and what is made
/// of them), <see cref="NdbPackages">ndb</see> and <see cref="BerkeleyPackages">Berkeley DB</see>. SQLite's tables are Basenames (name,
/// package, place in its list of files) and Packages (number, header); the others' other files, which find a package by a name, are not
/// needed. What a writer has only in the log yet is not seen.
/// </summary>
internal static class RpmDatabase
{
    private const int MostHeaders = 64;

    /// <summary>The package's name, or null.</summary>
    /// <param name="file">The database.</param>
    /// <param name="paths">The names that the file may go by, absolute.</param>
    /// <param name="budget">How many bytes are read at the most.</param>
    public static string? Find(SafeFileHandle file, IReadOnlyList<string> paths, int budget)
    {
        string? owner = null;
        try
        {
            Walk(file, Encoding.UTF8.GetBytes(Path.GetFileName(paths[0])), budget, header =>
            {
                var package = new RpmHeader(header);
                owner = package.Owns(paths) ? package.Name : null;
                return owner is null;
            });
        }
        catch (InvalidDataException)
        {
            // No database, or a damaged one: its packages are not known, as those of an image without any.
        }

        return owner;
    }

    /// <summary>Shows the headers of all packages that may have a file of a name.</summary>
    private static void Walk(SafeFileHandle file, byte[] name, int budget, RpmHeaderVisitor visit)
    {
        Span<byte> start = stackalloc byte[BerkeleyPackages.MagicAt + 4];
        var pieces = new RpmFile(file, budget);
        pieces.Fill(start, 0);
        if (start.StartsWith(NdbPackages.Magic))
            NdbPackages.Walk(pieces, visit);
        else if (start.EndsWith(BerkeleyPackages.Magic))
            BerkeleyPackages.Walk(pieces, visit);
        else
            WalkTables(SqliteTables.Open(file, budget), name, visit);
    }

    private static void WalkTables(SqliteTables tables, byte[] name, RpmHeaderVisitor visit)
    {
        var packages = tables.Root("Packages");
        foreach (var package in Owners(tables, name))
        {
            if (tables.Find(packages, package) is { } row && !visit(Header(row)))
                return;
        }
    }

    private static HashSet<long> Owners(SqliteTables tables, byte[] name)
    {
        var owners = new HashSet<long>();
        tables.Walk(tables.Root("Basenames"), (_, record) =>
        {
            var row = new SqliteRecord(record);
            if (row.NextBytes().SequenceEqual(name))
                owners.Add(row.NextNumber());
            return owners.Count < MostHeaders;
        });
        return owners;
    }

    private static ReadOnlySpan<byte> Header(byte[] row)
    {
        var record = new SqliteRecord(row);
        // The row's own number stands for the first column.
        _ = record.NextBytes();
        return record.NextBytes();
    }
}
