using System.Globalization;
using System.Text;
using Vitrine.Linux;
using Vitrine.Runtime.Containers;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci;

/// <summary>The command line of vitrine-oci: global flags, a verb, and how a failure is told.</summary>
internal static class OciEntry
{
    private const int Failure = 1;
    private const string DefaultRoot = "/run/vitrine-oci";

    private static readonly Flag[] s_globals =
    [
        new("debug", FlagKind.Switch, "enable debug logging"),
        new("log", FlagKind.Text, "set the log file to write logs to", Default: "'/dev/stderr'"),
        new("log-format", FlagKind.Text, "set the log format ('text' or 'json')", Default: "\"text\""),
        new("root", FlagKind.Text, "root directory for storage of container state, on a tmpfs", Default: $"\"{DefaultRoot}\""),
        new("criu", FlagKind.Text, "path to the criu binary, for checkpoint and restore, which are not supported"),
        new("systemd-cgroup", FlagKind.Switch, "enable systemd cgroup support, expects cgroupsPath to be of form \"slice:prefix:name\""),
        new("rootless", FlagKind.Text, "ignore cgroup permission errors ('true', 'false', or 'auto')", Default: "\"auto\""),
        new("help", FlagKind.Switch, "show help", Short: "h"),
        new("version", FlagKind.Switch, "print the version", Short: "v"),
        new("crash-at", FlagKind.Text, "for tests: STEP or STEP:INSTRUCTION at which to be killed", Hidden: true),
    ];

    private static readonly Flag s_help = new("help", FlagKind.Switch, "show help", Short: "h");

    public static int Run(string[] arguments)
    {
        try
        {
            return Run(ParsedLine.Parse(s_globals, arguments));
        }
        catch (UsageException e)
        {
            return Complain($"{HelpText.ProgramName}: {e.Message}\n\n{HelpText.OfProgram(VerbTable.All, s_globals)}");
        }
    }

    private static int Run(ParsedLine globals)
    {
        if (globals.IsSet("version"))
            return Print($"{HelpText.ProgramName} version {VersionText.Version}\nspec: {VersionText.SpecVersion}\n");
        if (globals.IsSet("help") || globals.Arguments is [] or ["help"])
            return Print(HelpText.OfProgram(VerbTable.All, s_globals));
        var name = globals.Arguments[0] == "help" ? globals.Arguments[1] : globals.Arguments[0];
        if (VerbTable.Find(name) is not { } verb)
            throw new UsageException($"no such command: {name}");
        if (globals.Arguments[0] == "help")
            return Print(HelpText.Of(verb));
        return Run(globals, verb);
    }

    private static int Run(ParsedLine globals, Verb verb)
    {
        var format = globals.Text("log-format") ?? "text";
        if (format is not ("text" or "json" or ""))
            return Complain($"invalid log-format: {format}\n");
        OciLog log;
        try
        {
            log = new OciLog(globals.Text("log"), format, globals.IsSet("debug"));
        }
        catch (LinuxException e)
        {
            return Complain($"cannot open the log: {e.Message}\n");
        }

        using (log)
        {
            return Run(globals, verb, log);
        }
    }

    private static int Run(ParsedLine globals, Verb verb, OciLog log)
    {
        try
        {
            var line = ParsedLine.Parse([.. verb.Flags, s_help], verb.TakesAnything ? [] : [.. globals.Arguments.Skip(1)]);
            if (line.IsSet("help"))
                return Print(HelpText.Of(verb));
            verb.Check(line);
            return verb.Run(Context(globals, log), line);
        }
        catch (UsageException e)
        {
            log.Error(e.Message);
            return Complain($"{e.Message}\n\n{HelpText.Of(verb)}");
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.Error(e.Message);
            if (!log.ToStderr)
                Complain(e.Message + "\n");
            return verb.FailureCode;
        }
    }

    private static OciContext Context(ParsedLine globals, OciLog log)
    {
        if (globals.Text("rootless") is not (null or "true" or "false" or "auto" or "1" or "0"))
            throw new VitrineException(ErrorKind.Invalid, $"invalid --rootless: \"{globals.Text("rootless")}\" (true, false or auto)");
        var root = globals.Text("root") is { Length: > 0 } given ? Path.GetFullPath(given) : RootOfUser();
        return new OciContext(new ContainerStore(root), log)
        {
            // In a user namespace nobody knows how far root's rights reach.
            Rootless = globals.Text("rootless") is null or "auto" ? !Environment.IsPrivilegedProcess || OwnUser.IsInUserNamespace : globals.Text("rootless") is "true" or "1",
            SystemdCgroup = globals.IsSet("systemd-cgroup"),
            Crash = globals.Text("crash-at") is { } point ? ParseCrash(point) : CrashPoint.Never,
        };
    }

    /// <summary>As runc decides: who is not root keeps state in the runtime directory of the session.</summary>
    private static string RootOfUser() =>
        Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is not { Length: > 0 } directory
            ? DefaultRoot
            : Path.Join(directory, "vitrine-oci");

    private static CrashPoint ParseCrash(string text)
    {
        var colon = text.IndexOf(':');
        var step = colon < 0 ? text : text[..colon];
        var instruction = colon < 0 ? "-1" : text[(colon + 1)..];
        return new CrashPoint(int.Parse(step, CultureInfo.InvariantCulture), int.Parse(instruction, CultureInfo.InvariantCulture));
    }

    private static int Print(string text)
    {
        OciContext.Print(text);
        return 0;
    }

    private static int Complain(string text)
    {
        try
        {
            Fd.WriteAll(Fd.StandardError, Encoding.UTF8.GetBytes(text));
        }
        catch (LinuxException)
        {
            // Nobody listens; the exit code tells.
        }

        return Failure;
    }
}
