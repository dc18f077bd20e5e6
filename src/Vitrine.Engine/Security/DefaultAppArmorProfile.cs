using System.Text;
using Vitrine.Linux;

namespace Vitrine.Engine.Security;

/// <summary>
/// The AppArmor profile of containers that do not choose one, on hosts whose kernel has AppArmor on: loaded by
/// apparmor_parser(8) when a container is made and it is not there. Without the parser containers run unconfined by AppArmor, as
/// docker's do.
/// </summary>
/// <param name="hostRoot">Put before the kernel's files; empty for the real host.</param>
/// <param name="parser">The program that loads profiles; null looks for apparmor_parser.</param>
internal sealed class DefaultAppArmorProfile(string hostRoot = "", string? parser = null)
{
    public const string Name = "vitrine-default";

    /// <summary>Its text, in apparmor.d(5).</summary>
    public const string Text = """
        # Namespaces, capabilities, seccomp and mounts confine a container already; this closes what would be open to a process that
        # got past one of those: the kernel's own files, mounting, and other processes.
        profile vitrine-default flags=(attach_disconnected,mediate_deleted) {
          file,
          network,
          capability,
          umount,

          # Processes of containers see each other's signals and traces only by their pid namespace; those of the host may signal them.
          signal (receive) peer=unconfined,
          signal (send, receive) peer=vitrine-default,
          ptrace (trace, read, tracedby, readby) peer=vitrine-default,

          deny mount,
          deny pivot_root,

          # What /proc holds beside processes changes the host; its network settings are the namespace's.
          deny /proc/* w,
          deny /proc/{acpi,asound,bus,driver,fs,irq,scsi,sysvipc,tty}/** w,
          deny /proc/sys/{abi,crypto,debug,dev,fs,kernel,user,vm}/** w,
          deny /proc/{kcore,kmem,mem,sysrq-trigger,kallsyms} rwklx,

          # All of /sys but the cgroups, which a container may have been given to divide.
          deny /sys/[^f]*/** wklx,
          deny /sys/f[^s]*/** wklx,
          deny /sys/fs/[^c]*/** wklx,
          deny /sys/fs/c[^g]*/** wklx,
          deny /sys/{firmware,kernel/security,kernel/debug,kernel/tracing}/** rwklx,
        }

        """;

    private const int Patience = 30_000;

    private static readonly string[] ParserPlaces = ["/usr/sbin/apparmor_parser", "/sbin/apparmor_parser", "/usr/bin/apparmor_parser"];

    private readonly string? _parser = parser ?? Array.Find(ParserPlaces, File.Exists);

    /// <summary>Whether the kernel confines by AppArmor, and profiles can be loaded.</summary>
    public bool IsAvailable => IsOn && _parser is not null;

    /// <summary>What to tell whoever makes a container that will be less confined than it could be; null where nothing is.</summary>
    public string? Warning => IsOn && _parser is null
        ? "AppArmor is on, but apparmor_parser is not installed to load the default profile: the container is not confined by it"
        : null;

    private bool IsOn => Read("/sys/module/apparmor/parameters/enabled").StartsWith('Y') && Directory.Exists(hostRoot + "/sys/kernel/security/apparmor");

    private bool IsLoaded => Read("/sys/kernel/security/apparmor/profiles").Split('\n').Any(line => line.StartsWith(Name + " (", StringComparison.Ordinal));

    /// <summary>Loads the profile where it is not loaded yet.</summary>
    /// <exception cref="VitrineException">Unavailable: the parser refused, with its words.</exception>
    public void EnsureLoaded()
    {
        if (IsLoaded)
            return;
        var run = Spawn.Run([_parser!, "--replace", "--skip-cache"], Encoding.UTF8.GetBytes(Text), timeout: Patience);
        if (run.ExitCode != 0)
        {
            throw new VitrineException(ErrorKind.Unavailable,
                $"the AppArmor profile {Name} could not be loaded: {Encoding.UTF8.GetString(run.Errors).Trim()}; --security-opt apparmor=unconfined does without");
        }
    }

    /// <summary>
    /// The profile that a process is under, or "unconfined", as the kernel says; null where it has no AppArmor, or no such process.
    /// </summary>
    public string? InForce(int pid)
    {
        // Before Linux 5.8 there is one file, of whichever security module is on.
        var label = Read($"/proc/{pid}/attr/apparmor/current");
        if (label.Length == 0 && IsOn)
            label = Read($"/proc/{pid}/attr/current");
        label = label.Trim('\n', '\0');
        var mode = label.LastIndexOf(" (", StringComparison.Ordinal);
        return label.Length == 0 ? null : mode < 0 ? label : label[..mode];
    }

    private string Read(string path)
    {
        try
        {
            return File.Exists(hostRoot + path) ? File.ReadAllText(hostRoot + path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
