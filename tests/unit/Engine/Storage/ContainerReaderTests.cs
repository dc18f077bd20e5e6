using Vitrine.Engine.Storage;
using Vitrine.Linux;
using Vitrine.ShimProtocol;
using Vitrine.Tests.Unit.Images;
using Xunit;

namespace Vitrine.Tests.Unit.Engine.Storage;

public sealed class ContainerReaderTests : IDisposable
{
    /// <summary>The least of a record: what the reader must have to take it for one.</summary>
    private const string Record = """{"Id":"%","Name":"NAME","Created":"2026-01-01T00:00:00Z","Command":[],"Config":{"Image":"i"},"HostConfig":{},"ImageId":"","Layers":[],"CgroupPath":"/c","Mounts":[]}""";

    private readonly TemporaryDirectory _root = new();
    private readonly ContainerPaths _paths;
    private readonly ContainerReader _reader = new(remembers: true);

    public ContainerReaderTests()
    {
        _paths = new ContainerPaths(Directory.CreateDirectory(Path.Join(_root.Path, "c")).FullName, Path.Join(_root.Path, "run"));
        Write("first");
    }

    [Fact]
    public void Read_Unchanged_IsTheSameObject()
    {
        Age();
        var first = _reader.Read(_paths)!.Value;

        Assert.Same(first.Record, _reader.Read(_paths)!.Value.Record);
        Assert.Equal(ContainerStatus.Created, first.State.Status);
    }

    [Fact]
    public void Read_ChangedWithinOneTickOfTheKernelsClock_IsSeen()
    {
        // As often as a clock of 10 ms can hide a change, and each of the same length.
        for (var i = 100; i < 400; i++)
        {
            Write($"n{i}");
            Assert.Equal($"n{i}", _reader.Read(_paths)!.Value.Record.Name);
            ContainerFiles.WriteState(_paths, new ContainerState { Status = ContainerStatus.Exited, ExitCode = i });
            Assert.Equal(i, _reader.Read(_paths)!.Value.State.ExitCode);
        }
    }

    [Fact]
    public void Read_ChangedLongAfter_IsSeen()
    {
        Age();
        _ = _reader.Read(_paths);
        ContainerFiles.WriteState(_paths, new ContainerState { Status = ContainerStatus.Exited, ExitCode = 3 });

        Assert.Equal(3, _reader.Read(_paths)!.Value.State.ExitCode);
    }

    [Fact]
    public void Read_DirectoryGone_IsNull()
    {
        _ = _reader.Read(_paths);
        Directory.Delete(_paths.Directory, recursive: true);

        Assert.Null(_reader.Read(_paths));
    }

    public void Dispose() => _root.Dispose();

    private void Write(string name) => AtomicFile.Write(_paths.Record, System.Text.Encoding.UTF8.GetBytes(Record.Replace("NAME", name, StringComparison.Ordinal)), durable: false);

    private void Age() => Directory.SetLastWriteTimeUtc(_paths.Directory, DateTime.UtcNow.AddMinutes(-1));
}
