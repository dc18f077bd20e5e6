using System.Globalization;
using System.Text;

namespace Vitrine.Glass.Labs;

/// <summary>Vitrine's own lessons, which are in the program, and those of files.</summary>
internal static class LessonCatalog
{
    private const string Prefix = "Vitrine.Glass.Labs.";
    private const string LessonPrefix = Prefix + "Lessons.";
    private const string Extension = ".md";
    private const int LargestFile = 1 << 20;

    /// <summary>Number, name and resource of each lesson, in their order.</summary>
    private static IReadOnlyList<(int Number, string Name, string Resource)> Entries { get; } =
    [
        .. typeof(LessonCatalog).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(LessonPrefix, StringComparison.Ordinal))
            .Select(resource => Entry(resource)).OrderBy(entry => entry.Number),
    ];

    /// <summary>The names of Vitrine's own lessons, in their order.</summary>
    public static IEnumerable<string> Names => Entries.Select(entry => entry.Name);

    /// <summary>Vitrine's own lessons, in their order.</summary>
    public static IEnumerable<Lesson> All() => Entries.Select(entry => LessonParser.Parse(Resource(entry.Resource), entry.Number, entry.Name, entry.Name));

    /// <summary>A lesson by its number, its name, or the path of its file.</summary>
    /// <exception cref="VitrineException">NotFound, or Invalid with every problem of the file.</exception>
    public static Lesson Find(string text)
    {
        if (IsPath(text))
            return LessonParser.Parse(ReadFile(text), 0, Path.GetFileNameWithoutExtension(text), text);
        var entry = Entry(text) is { Resource: not null } found ? found
            : throw new VitrineException(ErrorKind.NotFound, $"there is no lesson '{text}': vitrine lab ls lists them, and a file is named with a slash or {Extension}");
        return LessonParser.Parse(Resource(entry.Resource), entry.Number, entry.Name, entry.Name);

        static (int Number, string Name, string Resource) Entry(string text) => Entries.FirstOrDefault(entry =>
            entry.Name == text || entry.Number.ToString(CultureInfo.InvariantCulture) == text);
    }

    /// <summary>The lesson that follows one of Vitrine's own; null behind the last, and for a file's.</summary>
    public static Lesson? After(Lesson lesson) => lesson.Number == 0 ? null : All().FirstOrDefault(other => other.Number == lesson.Number + 1);

    /// <summary>The Markdown of a lesson.</summary>
    /// <exception cref="VitrineException">NotFound.</exception>
    public static string Source(string text)
    {
        var lesson = Find(text);
        return lesson.Number == 0 ? ReadFile(text) : Resource(Entries.First(entry => entry.Number == lesson.Number).Resource);
    }

    /// <summary>A script that the sandbox is set up with.</summary>
    public static string Script(string name) => Resource(Prefix + name);

    private static bool IsPath(string text) => text.Contains('/', StringComparison.Ordinal) || text.EndsWith(Extension, StringComparison.Ordinal);

    private static (int Number, string Name, string Resource) Entry(string resource)
    {
        var name = resource[LessonPrefix.Length..^Extension.Length];
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return (int.Parse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture), name[(dash + 1)..], resource);
    }

    private static string ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new VitrineException(ErrorKind.NotFound, $"{path}: there is no such file");
        if (new FileInfo(path).Length > LargestFile)
            throw new VitrineException(ErrorKind.Invalid, $"{path}: too large for a lesson");
        return File.ReadAllText(path);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(LessonCatalog).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
