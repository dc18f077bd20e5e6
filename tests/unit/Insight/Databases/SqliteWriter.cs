using SQLitePCL;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Databases;

/// <summary>SQLite itself, which writes what the reader is tried on.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly sqlite3 _database;

    static SqliteWriter() => Batteries_V2.Init();

    public SqliteWriter(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out _database));
    }

    public void Run(string statements)
    {
        if (raw.sqlite3_exec(_database, statements, out var error) != raw.SQLITE_OK)
            Assert.Fail($"{error}: {statements}");
    }

    public void Dispose() => raw.sqlite3_close(_database);
}
