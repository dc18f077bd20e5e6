using System.Text.Json;
using Vitrine.Commands;
using Vitrine.Filters;
using Vitrine.Insight;
using Vitrine.Insight.Syscalls;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Linux.Seccomp;
using Vitrine.Oci.Runtime.Reading;
using Section = Vitrine.Filters.SeccompSection;

namespace Vitrine.Glass.Seccomp;

/// <summary>Filters from where they are: a profile, a container's specification, or the kernel.</summary>
/// <param name="Stack">What answers.</param>
/// <param name="Rules">The rules that it was made of; null where only the program is known.</param>
/// <param name="Name">What it is, for people.</param>
internal sealed record FilterSource(FilterStack Stack, SeccompFilter? Rules, string Name)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>A profile in Docker's format, as a container with some capabilities would get it; Vitrine's own where no file is named.</summary>
    /// <exception cref="VitrineException">Invalid: it is no profile.</exception>
    public static FilterSource OfProfile(string? path, CapabilitySet capabilities)
    {
        if (path == "unconfined")
            return new FilterSource(new FilterStack([]), null, "unconfined");
        var profile = path is null ? DefaultSeccompProfile.Load() : SeccompProfile.Load(File.ReadAllBytes(path));
        return Of(Section.ToFilter(profile.Resolve(capabilities)), path ?? "vitrine's default profile");
    }

    /// <summary>The filters of a process: what its container's specification says, or with <paramref name="dump"/> what is in force.</summary>
    /// <exception cref="VitrineException">Its rules cannot be read, with the way out.</exception>
    public static FilterSource OfProcess(CommandContext context, string text, bool dump)
    {
        var report = Read(context, text, dump);
        var name = report.Container ?? $"process {report.Pid}";
        if (report.Mode is SeccompMode.Disabled)
            return new FilterSource(new FilterStack([]), null, $"{name}, which has no filter");
        if (report.Stack is not { } stack)
            throw new VitrineException(ErrorKind.Unavailable, $"the rules of {name}'s filter are in no specification that can be read: --dump asks the kernel, as root");
        return new FilterSource(stack, dump ? null : ReadSpec(report.SpecPath), name);
    }

    /// <summary>All that is known of the filters of a process.</summary>
    /// <exception cref="VitrineException">There is no such process, or the kernel does not show its filters.</exception>
    public static SeccompReport Read(CommandContext context, string text, bool dump)
    {
        var target = GlassTarget.Find(context, text);
        var status = ProcFs.Host.Status(target.Pid) ?? throw new VitrineException(ErrorKind.NotFound, $"No such process: {target.Pid}");
        var report = new SeccompReport
        {
            Pid = target.Pid,
            Container = target.Hints?.Name,
            Command = status.Name,
            Mode = status.SeccompMode switch { 0 => SeccompMode.Disabled, 1 => SeccompMode.Strict, 2 => SeccompMode.Filter, _ => SeccompMode.Unknown },
            Filters = status.SeccompFilters,
            NoNewPrivileges = status.NoNewPrivileges,
        };
        if (report.Mode is not SeccompMode.Filter)
            return report;
        return dump ? Dumped(report) : Specified(report, target.Hints?.SpecPath);
    }

    private static SeccompReport Dumped(SeccompReport report)
    {
        try
        {
            var dumped = FilterDump.Read(report.Pid, s_patience);
            return report with
            {
                Source = RuleSource.Kernel,
                Stack = new FilterStack([.. dumped.Select(filter => new SeccompMachine(filter.Program))]),
                Flags = [.. dumped.SelectMany(filter => SeccompReport.NamesOf(filter.Flags ?? SeccompFlags.None)).Distinct()],
            };
        }
        catch (LinuxException e)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"{e.Message}: {Reason(e.Errno)}", e);
        }
    }

    private static SeccompReport Specified(SeccompReport report, string? path)
    {
        if (ReadSpec(path) is not { } filter)
            return report;
        return report with { Source = RuleSource.Specification, SpecPath = path, Stack = Of(filter, "").Stack, Flags = SeccompReport.NamesOf(filter.Flags) };
    }

    private static SeccompFilter? ReadSpec(string? path)
    {
        if (path is null)
            return null;
        try
        {
            return SpecReader.Read(File.ReadAllBytes(path)).Linux?.Seccomp is { } section ? Section.ToFilter(section) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Then only the kernel knows.
        }
    }

    private static FilterSource Of(SeccompFilter filter, string name)
    {
        try
        {
            return new FilterSource(new FilterStack([new SeccompMachine(SeccompCompiler.Compile(filter).Bytes)]), filter, name);
        }
        catch (SeccompException e)
        {
            throw new VitrineException(ErrorKind.Invalid, e.Message, e);
        }
    }

    private static string Reason(Errno errno) => errno switch
    {
        Errno.EPERM => "another tracer has it, or it may not be traced; the kernel shows filters to root with CAP_SYS_ADMIN and CAP_SYS_PTRACE alone",
        Errno.EACCES => "the kernel shows filters to root with CAP_SYS_ADMIN alone, who has no filter himself",
        Errno.EBUSY => "it did not stop, as a frozen process does not: thaw it first",
        Errno.EMEDIUMTYPE => "the filter is no classic BPF program",
        Errno.EIO or Errno.EINVAL => "this kernel is built without CONFIG_CHECKPOINT_RESTORE, which shows filters",
        _ => "it has ended",
    };
}
