using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>The native attributes and file actions of one posix_spawn(3).</summary>
internal sealed unsafe partial class SpawnPlan : IDisposable
{
    // Opaque to us; glibc's and musl's are 336 and 80 bytes on 64-bit machines.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;

    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    private readonly byte* _attributes;
    private readonly byte* _actions;
    private readonly List<SafeFileHandle> _moved = [];

    public SpawnPlan()
    {
        _attributes = (byte*)NativeMemory.AllocZeroed(AttributesSize + ActionsSize);
        _actions = _attributes + AttributesSize;
        Demand(AttributesInit(_attributes), "posix_spawnattr_init");
        Demand(ActionsInit(_actions), "posix_spawn_file_actions_init");
    }

    /// <summary>Every disposition default (.NET ignores SIGPIPE, and that would survive exec) and this mask alone.</summary>
    public void SetSignals(IReadOnlyList<int> blocked, bool newSession)
    {
        var mask = SignalMask.Of(blocked);
        var all = SignalMask.All;
        Demand(AttributesSetMask(_attributes, &mask), "posix_spawnattr_setsigmask");
        Demand(AttributesSetDefaults(_attributes, &all), "posix_spawnattr_setsigdefault");
        var flags = (short)(SetSignalDefaults | SetSignalMask | (newSession ? SetSession : 0));
        Demand(AttributesSetFlags(_attributes, flags), "posix_spawnattr_setflags");
    }

    public void ChangeDirectory(string directory) =>
        Demand(ActionsChangeDirectory(_actions, directory), "posix_spawn_file_actions_addchdir_np");

    /// <summary>Gives the program the descriptors of the map and /dev/null for the rest of the first three; closes all others.</summary>
    public void MapDescriptors(IReadOnlyDictionary<int, SafeFileHandle> map)
    {
        var highest = Math.Max(2, map.Count == 0 ? 0 : map.Keys.Max());
        for (var target = 0; target <= highest; target++)
        {
            if (map.TryGetValue(target, out var source))
                Demand(ActionsDuplicate(_actions, Clear(source, target, highest), target), "posix_spawn_file_actions_adddup2");
            else if (target <= 2)
                Demand(ActionsOpen(_actions, target, "/dev/null", 2, 0), "posix_spawn_file_actions_addopen");
            else
                throw new ArgumentException("the descriptors after 2 must follow each other", nameof(map));
        }
        Demand(ActionsCloseFrom(_actions, highest + 1), "posix_spawn_file_actions_addclosefrom_np");
    }

    public int Spawn(SpawnRequest request, CStringArray arguments, CStringArray? environment)
    {
        var variables = environment is null ? Environment() : environment.Pointer;
        int pid;
        var error = request.SearchPath
            ? SpawnPathCall(&pid, request.Program, _actions, _attributes, arguments.Pointer, variables)
            : SpawnCall(&pid, request.Program, _actions, _attributes, arguments.Pointer, variables);
        return error == 0 ? pid : throw new LinuxException("spawn", request.Program, (Errno)error);
    }

    public void Dispose()
    {
        _ = ActionsDestroy(_actions);
        _ = AttributesDestroy(_attributes);
        NativeMemory.Free(_attributes);
        foreach (var handle in _moved)
            handle.Dispose();
    }

    /// <summary>A source that is itself one of the targets would be overwritten before its turn: it is moved out of the way.</summary>
    private int Clear(SafeFileHandle source, int target, int highest)
    {
        var number = Fd.Number(source);
        if (number == target || number > highest)
            return number;
        var copy = Fd.Duplicate(source, highest + 1);
        _moved.Add(copy);
        return Fd.Number(copy);
    }

    private static void Demand(int error, string operation)
    {
        if (error != 0)
            throw new LinuxException(operation, null, (Errno)error);
    }

    /// <summary>The C library's own block: unlike a managed copy it has every byte as it was, and costs nothing.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEnviron")]
    private static partial byte** Environment();

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(byte* attributes, SignalMask* mask);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaults(byte* attributes, SignalMask* mask);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDuplicate(byte* actions, int source, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsOpen(byte* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int ActionsCloseFrom(byte* actions, int first);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsChangeDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnCall(int* pid, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnPathCall(int* pid, string file, byte* actions, byte* attributes, byte** arguments, byte** environment);
}
