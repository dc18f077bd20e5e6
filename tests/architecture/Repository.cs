using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Vitrine.Tests.Architecture;

/// <summary>The tree that this test was built from.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Source => Path.Combine(Root, "src");

    public static IEnumerable<string> ProjectFiles => Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories);

    /// <summary>C# files of one project, or of all, relative to src/ and without generated ones.</summary>
    public static IEnumerable<string> SourceFiles(string project = "") =>
        Directory.EnumerateFiles(Path.Combine(Source, project), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Source, file))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin"));

    /// <summary>A file's text without comments and string literals, so that a word in it is code.</summary>
    public static string CodeOf(string file) => Comment().Replace(File.ReadAllText(Path.Combine(Source, file)), "");

    /// <summary>What a project file includes, e.g. ProjectReference, by name without path and suffix.</summary>
    public static IEnumerable<string> Items(string projectFile, string kind) =>
        XDocument.Load(projectFile).Descendants(kind)
            .Select(item => (string?)item.Attribute("Include") ?? "")
            .Select(include => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include);

    private static string FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Vitrine.slnx")))
                return directory;
        }

        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
