using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Glass.Labs;

/// <summary>
/// A place for a lesson: mount, pid, network, host name and IPC namespaces of its own, cgroups of its own, a store of its own. Of the
/// host's it sees the files and the users. Disposing ends everything in it and leaves nothing; so does, with the next lab, a death.
/// </summary>
/// <remarks>
/// 1. The shim's program, which alone may clone, makes the namespaces and waits; 2. in them <see cref="LabInitVerb"/> is the first
/// process, which lives as long as this one holds the end of its pipe; 3. each script joins them by the same program.
/// </remarks>
internal sealed class LabSandbox : IDisposable
{
    private const string Shim = "vitrine-shim";
    private const int Patience = 30_000;
    private const uint ScriptMode = 0x1A4; // 0644

    private static readonly NamespaceKind[] s_kinds =
        [NamespaceKind.Mount, NamespaceKind.Pid, NamespaceKind.Network, NamespaceKind.Uts, NamespaceKind.Ipc];

    private readonly CgroupLayout _layout;
    private readonly string _id;
    private readonly FileLock _lock;
    private readonly Pipe _life = Pipe.Create();
    private SpawnedProcess? _init;
    private SafeFileHandle? _steps;
    private int _pid;
    private ulong _start;

    private LabSandbox(CgroupLayout layout, string id, FileLock held)
    {
        _layout = layout;
        _id = id;
        _lock = held;
    }

    /// <summary>Variables of every script.</summary>
    public List<string> Environment { get; } = [];

    /// <summary>Makes one, when what dead labs left has been cleared.</summary>
    /// <param name="layout">The host's cgroups.</param>
    /// <exception cref="VitrineException">Unavailable: it cannot be made.</exception>
    /// <exception cref="LinuxException">The kernel refused something.</exception>
    public static LabSandbox Open(CgroupLayout layout)
    {
        LabLeftovers.Clear(layout);
        var id = Entropy.NewId()[..8];
        var sandbox = new LabSandbox(layout, id, LockOf(id));
        try
        {
            Cgroup.Open($"{sandbox.CgroupPath}/lesson", layout).Create();
            sandbox.Begin();
            sandbox.Environment.AddRange(LabEnvironment.Variables(layout, sandbox.CgroupPath));
            LabEnvironment.WriteCommands(layout, sandbox.CgroupPath, sandbox._pid);
            return sandbox;
        }
        catch
        {
            sandbox.Dispose();
            throw;
        }
    }

    private string CgroupPath => $"/{LabPaths.CgroupPrefix}{_id}";

    /// <summary>Starts a command in it.</summary>
    /// <param name="command">The program, looked up in the PATH of the environment, and its arguments.</param>
    /// <param name="descriptors">Its streams.</param>
    /// <param name="added">Further variables.</param>
    /// <exception cref="VitrineException">Unavailable: the sandbox has ended.</exception>
    public SpawnedProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<int, SafeFileHandle> descriptors, params ReadOnlySpan<string> added) =>
        Spawn.Start(Program(descriptors, command, new NamespaceRequest
        {
            Target = _pid,
            TargetStart = _start,
            Joined = s_kinds,
            Forks = true,
            DeathSignal = Signals.SIGKILL,
            InnerWorkingDirectory = LabPaths.Lab,
            Environment = [.. Environment, .. added],
        }));

    /// <summary>Opens a file of <see cref="LabPaths.Steps"/>.</summary>
    public SafeFileHandle OpenStepFile(string name, OpenFlags flags) =>
        FileAt.Open(_steps!, Encoding.UTF8.GetBytes(name), flags | OpenFlags.NoFollow, ResolveFlags.Beneath, flags.HasFlag(OpenFlags.Create) ? ScriptMode : 0);

    public void Dispose()
    {
        _life.Dispose();
        _steps?.Dispose();
        try
        {
            // Before its end is waited for: what is frozen does not die.
            LabLeftovers.Remove(_layout, _id);
            if (_init is not null && Poll.Wait(_init.PidFd, PollEvents.Read, Patience) == PollEvents.None)
                _init.Kill();
        }
        finally
        {
            _init?.Dispose();
            _lock.Dispose();
        }
    }

    private static FileLock LockOf(string id)
    {
        while (true)
        {
            PrivateDirectory.Create(LabPaths.Root);
            try
            {
                return FileLock.Acquire(LabPaths.LockOf(id));
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // The last lab removed the directory just now.
            }
        }
    }

    private void Begin()
    {
        using var said = Pipe.Create();
        var descriptors = new Dictionary<int, SafeFileHandle> { [0] = _life.Reader, [1] = said.Writer, [2] = said.Writer };
        _init = Spawn.Start(Program(descriptors, [Path.Combine(AppContext.BaseDirectory, "vitrine-glass"), LabInitVerb.Name], new NamespaceRequest
        {
            New = s_kinds,
            Forks = true,
            DeathSignal = Signals.SIGKILL,
            Propagation = MountFlags.Private | MountFlags.Recursive,
            ProcMountPoint = "/proc",
        }));
        said.Writer.Dispose();
        _life.Reader.Dispose();
        var words = Words(said.Reader);
        if (words != LabInitVerb.Ready)
            throw new VitrineException(ErrorKind.Unavailable, $"the sandbox of the lab cannot be made: {words.Trim()}");
        _pid = ProcFs.Host.Processes().FirstOrDefault(pid => ProcFs.Host.Stat(pid)?.ParentPid == _init.Pid);
        _start = ProcFs.Host.StartTime(_pid) ?? throw Ended();
        _steps = FileAt.OpenDirectory($"/proc/{_pid}/root{LabPaths.Steps}");
    }

    private static VitrineException Ended() => new(ErrorKind.Unavailable, "the sandbox of the lab has ended by itself");

    /// <summary>What the first process says when it is ready, or at its end.</summary>
    private static string Words(SafeFileHandle reader)
    {
        var words = new StringBuilder();
        var buffer = new byte[1024];
        while (!words.ToString().EndsWith(LabInitVerb.Ready, StringComparison.Ordinal) && Fd.Read(reader, buffer) is > 0 and var count)
            words.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return words.ToString();
    }

    private static SpawnRequest Program(IReadOnlyDictionary<int, SafeFileHandle> descriptors, IReadOnlyList<string> command, NamespaceRequest request)
    {
        var program = Path.Combine(AppContext.BaseDirectory, Shim);
        if (!File.Exists(program))
            throw new VitrineException(ErrorKind.Unavailable, $"{program}, which makes namespaces, is not there: install {Shim} beside vitrine");
        return new SpawnRequest
        {
            Program = program,
            Arguments = [NamespaceRequestCodec.ProgramName, Encoding.UTF8.GetString(NamespaceRequestCodec.Write(request).Span), .. command],
            Descriptors = descriptors,
        };
    }
}
