using Vitrine.Insight.Stores;
using Vitrine.Tests.Unit.Images;
using Vitrine.Tests.Unit.Insight.Databases;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

/// <summary>Podman 5's database as SQLite writes it: whole, with a log or a journal beside it, cut off, damaged.</summary>
public sealed class PodmanDatabaseTests : IDisposable
{
    private const string Filler = "this takes a row beyond its page; ";

    private readonly TemporaryDirectory _directory = new();
    private readonly StoreFiles _files;

    public PodmanDatabaseTests() => _files = new StoreFiles(_directory.Path);

    public void Dispose()
    {
        _files.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("/g/db.sql")]
    [InlineData("/g/libpod/db.sql")]
    public void Container_IsWhatItsRowSays(string path)
    {
        using (var podman = Podman(path))
        {
            podman.Run(PodmanState.Add(Id(1), "web", ""","rootfsImageID":"abc","rootfsImageName":"reg.example/web:1" """ + PodmanState.Ports(8080, range: 2)));
            podman.Run(PodmanState.Add(Id(2), "dns", PodmanState.Ports(53, 5353, address: "127.0.0.1", protocol: "udp")));
        }

        var database = Database();
        var web = database.Find(Id(1))!;
        Assert.Equal(("web", "reg.example/web:1", "abc"), (web.Name, web.Image, web.ImageId));
        Assert.Equal(["tcp 0.0.0.0:8080 80", "tcp 0.0.0.0:8081 81"], Ports(web));
        Assert.Equal(["udp 127.0.0.1:53 5353"], Ports(database.Find(Id(2))!));
        Assert.Null(database.Find(Id(3)));
        Assert.Null(database.Missing);
    }

    /// <summary>In a pod the infra container alone has ports; as podman ps does, all that share its network are shown with them.</summary>
    [Fact]
    public void ContainerInAnothersNetwork_HasItsPorts_AndACircleEnds()
    {
        using (var podman = Podman())
        {
            podman.Run(PodmanState.Add(Id(1), "infra", PodmanState.Ports(8080)));
            podman.Run(PodmanState.Add(Id(2), "web", $$""","netNsCtr":"{{Id(1)}}" """));
            podman.Run(PodmanState.Add(Id(3), "a", $$""","netNsCtr":"{{Id(4)}}" """));
            podman.Run(PodmanState.Add(Id(4), "b", $$""","netNsCtr":"{{Id(3)}}" """));
        }

        Assert.Equal(["tcp 0.0.0.0:8080 80"], Ports(Database().Find(Id(2))!));
        Assert.Empty(Database().Find(Id(3))!.Ports);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public void ManyAndLongRows_AreFound_WhileTheirWriterStays(string mode)
    {
        using var podman = Podman(mode: mode);
        podman.Run("BEGIN;" + string.Concat(Enumerable.Range(0, 300).Select(i => PodmanState.Add(Id(i), $"c{i}", Long(6000) + PodmanState.Ports(i)))) + "COMMIT;");
        podman.Run("BEGIN; DELETE FROM ContainerConfig WHERE Name = 'c7'; DELETE FROM ContainerState WHERE ID NOT IN (SELECT ID FROM ContainerConfig); COMMIT;");

        var database = Database();
        Assert.Equal(mode == "WAL", new FileInfo(_directory.Path + "/g/db.sql").Length < 100_000);
        Assert.All(Enumerable.Range(0, 300).Where(i => i != 7), i => Assert.Equal([$"tcp 0.0.0.0:{i} 80"], Ports(database.Find(Id(i))!)));
        Assert.Null(database.Find(Id(7)));
        Assert.Null(database.Missing);
    }

    /// <summary>A transaction that does not fit into SQLite's memory is in the log, or in the database, before it is committed.</summary>
    [Theory]
    [InlineData("DELETE", "/g/db.sql-journal")]
    [InlineData("WAL", "/g/db.sql-wal")]
    public void TransactionUnderWay_IsNotSeen(string mode, string beside)
    {
        using var podman = Podman(mode: mode);
        podman.Run("PRAGMA cache_size = 4;" + Rows(40));
        var before = Length("/g/db.sql") + Length(beside);
        podman.Run("BEGIN; UPDATE ContainerConfig SET Name = 'x' || Name, JSON = CAST('{}' AS BLOB);" + string.Concat(Enumerable.Range(40, 40).Select(i => PodmanState.Add(Id(i), $"c{i}", Long(3000)))));

        Assert.True(Length("/g/db.sql") + Length(beside) > before + 40_000, "nothing has been written yet: the transaction is too small");
        var database = Database();
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal($"c{i}", database.Find(Id(i))!.Name));
        Assert.All(Enumerable.Range(0, 40), i => Assert.Equal([$"tcp 0.0.0.0:{i} 80"], Ports(database.Find(Id(i))!)));
        Assert.Null(database.Find(Id(40)));
        Assert.Null(database.Missing);
        podman.Run("COMMIT;");
        Assert.Equal("xc1", Database().Find(Id(1))!.Name);
        Assert.NotNull(Database().Find(Id(79)));
    }

    /// <summary>Of a log that was cut off anywhere, or damaged, holds what was committed before: never a row out of order, never half of one.</summary>
    [Fact]
    public void CutOrDamagedLog_HoldsUpToTheLastWholeTransaction()
    {
        byte[] log, main;
        using (var podman = Podman(mode: "WAL"))
        {
            podman.Run(Rows(20));
            (log, main) = (File.ReadAllBytes(_directory.Path + "/g/db.sql-wal"), File.ReadAllBytes(_directory.Path + "/g/db.sql"));
        }

        var known = 0;
        for (var length = 0; length <= log.Length; length += 3989)
        {
            Write(main, log[..length]);
            var count = Count(20);
            Assert.True(count >= known, $"{count} rows of {length} bytes, {known} of less");
            known = count;
        }

        Assert.InRange(known, 15, 20);
        log[log.Length / 2] ^= 1;
        Write(main, log);
        Assert.InRange(Count(20), 1, 15);
        log[16] ^= 1;
        Write(main, log);
        Assert.Equal(0, Count(20));
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("WAL")]
    public void CutOrDamagedDatabase_IsReadAsFarAsItGoes(string mode)
    {
        byte[] main, log = [];
        using (var podman = Podman(mode: mode))
        {
            podman.Run(Rows(20));
            main = File.ReadAllBytes(_directory.Path + "/g/db.sql");
            if (mode == "WAL")
                log = File.ReadAllBytes(_directory.Path + "/g/db.sql-wal");
        }

        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var (file, beside) = (main.ToArray(), log.ToArray());
            for (var j = 0; j < 20; j++)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            if (beside.Length > 0)
                beside[random.Next(beside.Length)] ^= 0x40;
            Write(i % 2 == 0 ? file : main[..random.Next(main.Length)], beside);
            Count(20); // Ends, without an exception.
        }

        Write(main[..(main.Length / 2)], []);
        var database = Database();
        _ = database.Find(Id(0));
        if (mode == "DELETE")
            Assert.Contains("could not be read whole (cut off): published ports", database.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedRecord_IsMissing_AndTheOthersAreNot()
    {
        using (var podman = Podman())
            podman.Run(Rows(3) + "UPDATE ContainerConfig SET JSON = '{' WHERE Name = 'c1';");

        var database = Database();
        Assert.Equal(("c1", 0), (database.Find(Id(1))!.Name, database.Find(Id(1))!.Ports.Count));
        Assert.Single(database.Find(Id(2))!.Ports);
        Assert.Contains("db.sql could not be read whole (1 damaged records)", database.Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void RangesWithoutEnd_AreBounded()
    {
        using (var podman = Podman())
            podman.Run(string.Concat(Enumerable.Range(0, 9).Select(i => PodmanState.Add(Id(i), $"c{i}", PodmanState.Ports(1, range: 65535)))));

        var database = Database();
        Assert.Equal(3 * 65535, Enumerable.Range(0, 9).Sum(i => database.Find(Id(i))!.Ports.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no database")]
    public void WhatIsNoDatabase_KnowsNobody(string content)
    {
        Directory.CreateDirectory(_directory.Path + "/g");
        File.WriteAllText(_directory.Path + "/g/db.sql", content);

        var database = Database();
        Assert.Null(database.Find(Id(1)));
        Assert.Equal(content.Length > 0, database.Missing is not null);
    }

    private static string Id(int number) => $"{number:x64}";

    private static string Long(int length) => $$""","labels":{"l":"{{string.Concat(Enumerable.Repeat(Filler, length / Filler.Length))}}"}""";

    /// <summary>Each in a transaction of its own.</summary>
    private static string Rows(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => PodmanState.Add(Id(i), $"c{i}", Long(3000) + PodmanState.Ports(i))));

    private static IEnumerable<string> Ports(ContainerRecord record) => record.Ports.Select(port => $"{port.Protocol} {port.HostAddress}:{port.HostPort} {port.Port}");

    private PodmanDatabase Database() => new(_files, "/g/overlay-containers");

    private SqliteWriter Podman(string path = "/g/db.sql", string mode = "DELETE")
    {
        var podman = new SqliteWriter(_directory.Path + path);
        podman.Run($"PRAGMA journal_mode = {mode}; PRAGMA wal_autocheckpoint = 0;{PodmanState.Tables}");
        return podman;
    }

    /// <summary>How many of the containers are known, whole, from the first on.</summary>
    private int Count(int most)
    {
        var database = Database();
        return Enumerable.Range(0, most).TakeWhile(i => database.Find(Id(i)) is { Ports.Count: 1 }).Count();
    }

    private long Length(string path) => File.Exists(_directory.Path + path) ? new FileInfo(_directory.Path + path).Length : 0;

    private void Write(byte[] main, byte[] log)
    {
        File.WriteAllBytes(_directory.Path + "/g/db.sql", main);
        File.WriteAllBytes(_directory.Path + "/g/db.sql-wal", log);
    }
}
