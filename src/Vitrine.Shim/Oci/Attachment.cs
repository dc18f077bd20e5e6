using System.Globalization;
using System.Text;
using Vitrine.Linux;
using Vitrine.Runtime;
using Vitrine.Shim.Oci.CommandLine;

namespace Vitrine.Shim.Oci;

/// <summary>Where the caller wants what a new process is known by: its pid, its pidfd, the master of its terminal.</summary>
/// <param name="consoleSocket">The socket for the terminal's master, or null.</param>
/// <param name="pidFdSocket">The socket for the pidfd, or null.</param>
/// <param name="pidFile">The file for the pid, or null.</param>
/// <param name="detached">Whether this process leaves when the new one runs.</param>
internal sealed class Attachment(string? consoleSocket, string? pidFdSocket, string? pidFile, bool detached)
{
    private const UnixFileMode PidFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>How many inherited descriptors from 3 on the process keeps.</summary>
    public int PreservedFiles { get; private init; }

    /// <summary>From the flags that create, run and exec share.</summary>
    /// <exception cref="VitrineException">A descriptor that is to be preserved is not there.</exception>
    public static Attachment Of(ParsedLine line, bool detached) =>
        new(line.Text("console-socket"), line.Text("pidfd-socket"), line.Text("pid-file"), detached)
        {
            PreservedFiles = CountPreserved(line.Number("preserve-fds") ?? 0),
        };

    /// <summary>Whether there is somebody to take a terminal, and a terminal where somebody waits for it.</summary>
    /// <exception cref="VitrineException">There is not; the words are runc's.</exception>
    public void CheckTerminal(bool terminal)
    {
        if (detached && terminal && consoleSocket is null)
            throw new VitrineException(ErrorKind.Invalid, "cannot allocate tty if runc will detach without setting console socket");
        if (consoleSocket is not null && (!detached || !terminal))
            throw new VitrineException(ErrorKind.Invalid, "cannot use console socket if runc will not detach or allocate tty");
    }

    /// <summary>Tells the caller of the new process.</summary>
    /// <exception cref="VitrineException">A socket or file does not take it.</exception>
    public void Deliver(LaunchedProcess process)
    {
        if (consoleSocket is not null && process.TerminalMaster is { } master)
            SeqpacketSocket.SendToStream(consoleSocket, "/dev/ptmx"u8, master);
        if (pidFdSocket is not null)
            SeqpacketSocket.SendToStream(pidFdSocket, "pidfd"u8, process.PidFd);
        if (pidFile is not null)
            AtomicFile.Write(pidFile, Encoding.ASCII.GetBytes(process.Pid.ToString(CultureInfo.InvariantCulture)), durable: false, PidFileMode);
    }

    private static int CountPreserved(long extra)
    {
        const int limit = 1 << 16;
        var passed = Environment.GetEnvironmentVariable("LISTEN_FDS") is { Length: > 0 } text &&
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        if (extra is < 0 or > limit || passed > limit)
            throw new VitrineException(ErrorKind.Invalid, $"--preserve-fds must be from 0 to {limit}");
        var all = (int)extra + passed;
        for (var number = 3; number < 3 + all; number++)
            if (!File.Exists($"/proc/self/fd/{number}"))
                throw new VitrineException(ErrorKind.Invalid, $"please check that preserved-fd {number - 2} (of {all}) is present");
        return all;
    }
}
