using System.Text;
using Vitrine.Linux.Proc;

namespace Vitrine.Tests.Unit.Linux.Proc;

/// <summary>A plain tree that looks like /proc (and, beside it, like cgroupfs), deleted at the end.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("vitrine-proc-").FullName;

    public string Root => $"{directory}/proc";

    public ProcFs ProcFs => new(Root);

    /// <summary>A path beside the fake /proc, for cgroup trees and layer directories.</summary>
    public string Beside(string path) => $"{directory}/{path}";

    public FakeProc Write(string path, string content)
    {
        var file = $"{Root}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(content));
        return this;
    }

    public FakeProc WriteBeside(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Beside(path))!);
        File.WriteAllText(Beside(path), content);
        return this;
    }

    public FakeProc Link(string path, string target)
    {
        var link = $"{Root}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
        return this;
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
