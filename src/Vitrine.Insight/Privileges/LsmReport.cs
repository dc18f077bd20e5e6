using Vitrine.Insight.Json;
using Vitrine.Insight.Sections;
using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Privileges;

/// <summary>What Linux security modules do to a process: those the kernel has, the label, and what stands behind it.</summary>
public sealed record LsmReport
{
    public required int Pid { get; init; }
    public string? Container { get; init; }
    public required string Command { get; init; }

    /// <summary>The active modules in the order in which they are asked; null where the kernel's list cannot be read.</summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary><c>apparmor</c> or <c>selinux</c>; null where neither labels it.</summary>
    public string? Module { get; init; }
    public string? Label { get; init; }

    /// <summary>enforce, complain, permissive, unconfined...; null where that cannot be told.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether AppArmor's profile is loaded; null where its list cannot be read, or there is none.</summary>
    public bool? ProfileLoaded { get; init; }

    /// <summary>The profile or label that it asked for at its next exec.</summary>
    public string? AtExec { get; init; }

    /// <summary>SELinux as a whole: enforcing or permissive; null where it is not there.</summary>
    public bool? SelinuxEnforcing { get; init; }

    /// <summary>Yama's ptrace_scope, 0 to 3; null where it is not there.</summary>
    public int? PtraceScope { get; init; }

    /// <summary>What the lockdown module forbids root: none, integrity or confidentiality; null where it is not there.</summary>
    public string? Lockdown { get; init; }
    public bool? NoNewPrivileges { get; init; }

    /// <summary>Why the label could not be read; null where it could.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether a module holds it back.</summary>
    public bool IsConfined => Module is not null && Mode is not ("unconfined" or "complain" or "permissive") && ProfileLoaded != false;

    /// <summary>Reads it; what this reader may not see is null.</summary>
    /// <exception cref="VitrineException">NotFound: there is no such process.</exception>
    public static LsmReport Read(int pid, ProcFs proc, string hostRoot = "")
    {
        var status = proc.Status(pid) ?? throw new VitrineException(ErrorKind.NotFound, $"No such process: {pid}");
        var modules = Text($"{hostRoot}/sys/kernel/security/lsm");
        var raw = RawLabel(proc, pid, out var problem);
        var (module, label, mode) = ConfinementExplainer.Read(raw, modules ?? "");
        var enforcing = Text($"{hostRoot}/sys/fs/selinux/enforce") is { } enforce ? enforce == "1" : (bool?)null;
        return new LsmReport
        {
            Pid = pid,
            Command = status.Name,
            Modules = modules?.Split(','),
            Module = module,
            Label = label,
            Mode = mode ?? (module == "selinux" && enforcing is { } on ? on ? "enforce" : "permissive" : null),
            ProfileLoaded = module == "apparmor" && mode != "unconfined" ? IsLoaded($"{hostRoot}/sys/kernel/security/apparmor/profiles", label!) : null,
            AtExec = AtExecOf(proc, pid),
            SelinuxEnforcing = enforcing,
            PtraceScope = int.TryParse(Text($"{proc.Root}/sys/kernel/yama/ptrace_scope"), out var scope) ? scope : null,
            Lockdown = Chosen(Text($"{hostRoot}/sys/kernel/security/lockdown")),
            NoNewPrivileges = status.NoNewPrivileges,
            Problem = problem,
        };
    }

    /// <summary>JSON; described in docs/lsm.md.</summary>
    public string ToJson() => JsonText.Object(json =>
    {
        json.Number("pid", Pid);
        json.Text("container", Container);
        json.Text("command", Command);
        if (Modules is { } modules)
            json.Texts("modules", modules);
        json.Text("module", Module);
        json.Text("label", Label);
        json.Text("mode", Mode);
        json.Flag("confined", IsConfined);
        json.Flag("profileLoaded", ProfileLoaded);
        json.Text("atExec", AtExec);
        json.Flag("selinuxEnforcing", SelinuxEnforcing);
        json.Number("ptraceScope", PtraceScope);
        json.Text("lockdown", Lockdown);
        json.Flag("noNewPrivileges", NoNewPrivileges);
        json.Text("problem", Problem);
    });

    // Without a module that labels, the kernel answers EINVAL: an answer, not a refusal.
    private static string? RawLabel(ProcFs proc, int pid, out string? problem)
    {
        problem = null;
        try
        {
            return proc.SecurityLabel(pid);
        }
        catch (LinuxException e)
        {
            problem = e.Errno == Errno.EINVAL ? null : e.Message;
            return null;
        }
    }

    private static string? AtExecOf(ProcFs proc, int pid)
    {
        try
        {
            return proc.Text(pid, "attr/exec")?.Trim('\0', '\n', ' ') is { Length: > 0 } label ? label : null;
        }
        catch (LinuxException)
        {
            return null; // Another user's; or no module that has it.
        }
    }

    /// <summary>Lines are <c>NAME (MODE)</c>; a stack of profiles, <c>A//&amp;B</c>, is loaded where each is.</summary>
    private static bool? IsLoaded(string file, string label)
    {
        if (Text(file) is not { } profiles)
            return null;
        var names = profiles.Split('\n').Select(line => line.LastIndexOf(" (", StringComparison.Ordinal) is var end and > 0 ? line[..end] : line).ToHashSet();
        return label.Split("//&").All(part => names.Contains(part));
    }

    // "none [integrity] confidentiality"
    private static string? Chosen(string? text) =>
        text?.Split(' ').FirstOrDefault(word => word.StartsWith('['))?.Trim('[', ']');

    private static string? Text(string path)
    {
        try
        {
            return KernelFile.Read(path)?.Trim();
        }
        catch (LinuxException)
        {
            return null; // The kernel's lists are root's.
        }
    }
}
