using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Insight.Stores;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Insight.Stores;

public sealed class BoltFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string FilePath => Path.Join(_directory.Path, "meta.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Find_InSmallAndLargeBuckets_IsTheValue()
    {
        var many = BoltBuilder.Bucket([.. Enumerable.Range(0, 40).Select(i => ($"key-{i:d2}", (object)BoltBuilder.Bucket(("image", $"image-{i}"))))]);
        File.WriteAllBytes(FilePath, BoltBuilder.File(BoltBuilder.Bucket(("v1", BoltBuilder.Bucket(("default", many), ("other", BoltBuilder.Bucket(("a", "b"))))), ("version", "1"))));

        for (var i = 0; i < 40; i++)
            Assert.Equal($"image-{i}", Text("v1", "default", $"key-{i:d2}", "image"));
        Assert.Equal("b", Text("v1", "other", "a"));
        Assert.Equal("1", Text("version"));
    }

    [Fact]
    public void Find_WhatIsNotThere_IsNull()
    {
        File.WriteAllBytes(FilePath, BoltBuilder.File(BoltBuilder.Bucket(("b", BoltBuilder.Bucket(("k", "v"))), ("d", "x"))));

        Assert.Null(Text("a"));
        Assert.Null(Text("b"));
        Assert.Null(Text("b", "j"));
        Assert.Null(Text("c"));
        Assert.Null(Text("d", "x"));
        Assert.Null(Text("e", "k"));
    }

    [Fact]
    public void Find_LongValue_GoesOnInTheNextPages()
    {
        var text = new string('x', 20_000);
        File.WriteAllBytes(FilePath, BoltBuilder.File(BoltBuilder.Bucket(("a", text), ("b", "after"))));

        Assert.Equal(text, Text("a"));
        Assert.Equal("after", Text("b"));
    }

    [Fact]
    public void Find_NewerRootHalfWritten_TakesTheOlder()
    {
        var file = BoltBuilder.File(BoltBuilder.Bucket(("a", "b")));
        file[4096 + 16 + 50]++;
        File.WriteAllBytes(FilePath, file);
        Assert.Equal("b", Text("a"));

        file[16]++;
        File.WriteAllBytes(FilePath, file);
        Assert.Null(Text("a"));
    }

    /// <summary>Bytes of whoever can write to a store's directory: never more than an answer that is not there.</summary>
    [Fact]
    public void Find_DamagedAnywhere_EndsWithoutAnException()
    {
        var whole = BoltBuilder.File(BoltBuilder.Bucket([.. Enumerable.Range(0, 20).Select(i => ($"k{i:d2}", (object)BoltBuilder.Bucket(("in", $"{i}"))))]));
        var places = Gen.Choose(0, whole.Length - 1).Select(at => at < 4 * 4096 ? 4 * 4096 + at % (whole.Length - 4 * 4096) : at);
        var damages = Gen.ListOf(places.SelectMany(at => Gen.Choose(0, 255).Select(value => (at, (byte)value)))).ToArbitrary();
        Prop.ForAll(damages, damage =>
        {
            var file = (byte[])whole.Clone();
            foreach (var (at, value) in damage)
                file[at] = value;
            File.WriteAllBytes(FilePath, file);
            _ = Text("k07", "in");
            _ = Text("k19", "in", "deeper");
        }).Check(Properties.Config());
    }

    private string? Text(params string[] path)
    {
        using var file = File.OpenHandle(FilePath);
        return new BoltFile(file).Find(path) is { } value ? Encoding.UTF8.GetString(value) : null;
    }
}
