using System.Text.Json;
using Vitrine.Commands.Parsing;

namespace Vitrine.Cli.Parsing;

/// <summary>
/// <c>--security-opt</c>: no-new-privileges[:bool], seccomp=unconfined|builtin|FILE, apparmor=PROFILE, label=...,
/// systempaths=unconfined. A seccomp file is read here and handed on as its JSON, as the Engine API wants it.
/// </summary>
internal static class SecuritySyntax
{
    /// <summary>The options as the engine takes them.</summary>
    /// <returns>The options, and whether <c>systempaths=unconfined</c> was among them, which is a setting of its own.</returns>
    public static (IReadOnlyList<string> Options, bool UnmaskPaths) Parse(IEnumerable<string> options)
    {
        var result = new List<string>();
        var unmask = false;
        foreach (var option in options)
        {
            if (option == "systempaths=unconfined")
                unmask = true;
            else
                result.Add(ParseOne(option));
        }

        return (result, unmask);
    }

    private static string ParseOne(string option)
    {
        var (name, value) = KeyValues.Cut(option, '=');
        if (value is null && name != "no-new-privileges")
            (name, value) = KeyValues.Cut(option, ':');
        if (value is null && name != "no-new-privileges")
            throw new VitrineException(ErrorKind.Invalid, $"Invalid --security-opt: \"{option}\"");
        return name == "seccomp" && value is not ("unconfined" or "builtin") ? "seccomp=" + ReadProfile(value!) : option;
    }

    private static string ReadProfile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            using var compact = new MemoryStream();
            using (var writer = new Utf8JsonWriter(compact))
                document.WriteTo(writer);
            return System.Text.Encoding.UTF8.GetString(compact.ToArray());
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Invalid, $"compacting json for seccomp profile ({path}) failed: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory" : e.Message;
            throw new VitrineException(ErrorKind.Invalid, $"opening seccomp profile ({path}) failed: open {path}: {reason}", e);
        }
    }
}
