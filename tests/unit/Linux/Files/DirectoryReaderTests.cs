using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Files;

public sealed class DirectoryReaderTests : IDisposable
{
    private readonly ScratchFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void MoveNext_DirectoryDeletedSinceItWasOpened_HasNoNames()
    {
        var path = Directory.CreateDirectory(_files.At("gone")).FullName;
        using var directory = FileAt.OpenDirectory(path);
        Directory.Delete(path);

        using var reader = new DirectoryReader(directory);

        Assert.False(reader.MoveNext());
    }
}
