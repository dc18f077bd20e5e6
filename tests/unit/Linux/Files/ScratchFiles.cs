using Vitrine.Linux;

namespace Vitrine.Tests.Unit.Linux.Files;

/// <summary>A directory of one test, gone after it.</summary>
internal sealed class ScratchFiles : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public string At(string relative) => Path.Combine(Root, relative);

    public string Write(string relative, string content = "")
    {
        var path = At(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => FileTree.Delete(Root);
}
