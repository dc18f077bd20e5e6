using System.Globalization;
using Vitrine.Oci.Runtime;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci.Verbs;

/// <summary>The process of an exec by flags: the container's own, changed.</summary>
internal static class ExecProcess
{
    /// <exception cref="VitrineException">A flag's value is none, or there is no command.</exception>
    public static ProcessSpec FromFlags(Spec spec, ParsedLine line)
    {
        if (line.Arguments.Count < 2)
            throw new VitrineException(ErrorKind.Invalid, "process args cannot be empty");
        var process = (spec.Process ?? new ProcessSpec()) with { Args = [.. line.Arguments.Skip(1)], Terminal = line.IsSet("tty") };
        process = process with
        {
            Cwd = line.Text("cwd") ?? process.Cwd,
            Env = [.. process.Env ?? [], .. line.Texts("env")],
            ApparmorProfile = line.Text("apparmor") ?? process.ApparmorProfile,
            SelinuxLabel = line.Text("process-label") ?? process.SelinuxLabel,
            NoNewPrivileges = line.Has("no-new-privs") ? line.IsSet("no-new-privs") : process.NoNewPrivileges,
            User = UserOf(process.User, line),
        };
        return line.Texts("cap") is { Count: > 0 } added ? process with { Capabilities = Add(process.Capabilities ?? new(), added) } : process;
    }

    private static User UserOf(User own, ParsedLine line)
    {
        var user = own;
        if (line.Text("user") is { } text)
        {
            var colon = text.IndexOf(':');
            user = user with { Uid = Id(colon < 0 ? text : text[..colon], "uid") };
            if (colon >= 0)
                user = user with { Gid = Id(text[(colon + 1)..], "gid") };
        }

        var groups = new List<uint>(user.AdditionalGids ?? []);
        foreach (var group in line.Texts("additional-gids"))
            groups.Add(Id(group, "additional gid"));
        return user with { AdditionalGids = groups };
    }

    private static Capabilities Add(Capabilities own, IReadOnlyList<string> added) => own with
    {
        Bounding = [.. own.Bounding ?? [], .. added],
        Effective = [.. own.Effective ?? [], .. added],
        Permitted = [.. own.Permitted ?? [], .. added],
    };

    private static uint Id(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new VitrineException(ErrorKind.Invalid, $"parsing {text} as a {what} failed: it must be a number");
}
