using System.Runtime.CompilerServices;
using System.Text;
using Vitrine.Insight.Host;

namespace Vitrine.Tests.Unit.Insight.Host;

/// <summary>A host as tests/recordings/snapshot wrote it down, unpacked into a directory.</summary>
internal sealed class RecordedHost : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("vitrine-recorded-").FullName;

    /// <param name="name">The tree: <c>docker-v1</c>.</param>
    /// <param name="withoutUnified">Leaves out what a hybrid layout has beside v1: the line of the v2 hierarchy.</param>
    public RecordedHost(string name, bool withoutUnified = false)
    {
        var (path, content, words) = ("", new StringBuilder(), false);
        foreach (var line in File.ReadLines(PathOf($"{name}.tree")))
        {
            if (line.StartsWith("=> ", StringComparison.Ordinal) && line.Split(' ', 3) is [_, var link, var target])
            {
                Write(path, content, words);
                path = "";
                Directory.CreateDirectory(Path.GetDirectoryName($"{directory}/{link}")!);
                File.CreateSymbolicLink($"{directory}/{link}", target);
            }
            else if (line.StartsWith("== ", StringComparison.Ordinal) || line.StartsWith("=0 ", StringComparison.Ordinal))
            {
                Write(path, content, words);
                (path, words) = (line[3..], line[1] == '0');
            }
            else if (!withoutUnified || !line.StartsWith("0::", StringComparison.Ordinal))
            {
                content.Append(line).Append(words ? '\0' : '\n');
            }
        }

        Write(path, content, words);
    }

    public string Root => directory;

    public HostContainers Read() => HostContainers.Read(new HostOptions { HostRoot = directory });

    /// <summary>Every tree there is.</summary>
    public static IEnumerable<string> Names() => Directory.GetFiles(PathOf("")).Select(path => Path.GetFileNameWithoutExtension(path)).Order();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private void Write(string path, StringBuilder content, bool words)
    {
        if (path.Length > 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{directory}/{path}")!);
            File.WriteAllText($"{directory}/{path}", content.ToString());
        }

        content.Clear();
    }

    private static string PathOf(string name, [CallerFilePath] string here = "") => Path.Join(Path.GetDirectoryName(here), "Recorded", name);
}
