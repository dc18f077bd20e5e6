using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux;

/// <summary>
/// Signals as something to read (signalfd(2)). They must be blocked in every thread, which only the process's parent can
/// arrange before a runtime has started its threads: see <see cref="SpawnRequest.BlockedSignals"/>.
/// </summary>
public sealed unsafe partial class SignalFd : IDisposable
{
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int InfoSize = 128;
    private const int Block = 0;
    private const int Unblock = 1;

    private SignalFd(SafeFileHandle handle) => Handle = handle;

    /// <summary>Readable while a signal waits.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Receives these signals.</summary>
    /// <exception cref="LinuxException">No descriptor is left.</exception>
    public static SignalFd Create(IReadOnlyList<int> signals)
    {
        var mask = SignalMask.Of(signals);
        return new(new SafeFileHandle(Check.Result(SignalFdCall(-1, &mask, NonBlockingCloseOnExec), "signalfd"), ownsHandle: true));
    }

    /// <summary>Blocks signals in the calling thread, and whatever it executes.</summary>
    /// <returns>Whether all of them were blocked before.</returns>
    public static bool BlockInThread(IReadOnlyList<int> signals)
    {
        var mask = SignalMask.Of(signals);
        SignalMask old = default;
        var error = SetMask(Block, &mask, &old);
        if (error != 0)
            throw new LinuxException("pthread_sigmask", null, (Errno)error);
        foreach (var signal in signals)
        {
            if (!old.Contains(signal))
                return false;
        }
        return true;
    }

    /// <summary>
    /// Blocks signals in the threads that a .NET process has from its start on: the main one, which must call this, and the finalizer's.
    /// Where they were blocked before that start they are so in both; otherwise this collects garbage to reach the second.
    /// </summary>
    public static void BlockEverywhere(IReadOnlyList<int> signals)
    {
        if (BlockInThread(signals))
            return;
        Finalized.Make(signals);
        GC.Collect(0);
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Lets a signal reach the calling thread again.</summary>
    public static void UnblockInThread(int signal)
    {
        var mask = SignalMask.Of([signal]);
        SignalMask old = default;
        _ = SetMask(Unblock, &mask, &old);
    }

    /// <summary>Runs on the finalizer's thread.</summary>
    private sealed class Finalized(IReadOnlyList<int> signals)
    {
        ~Finalized() => BlockInThread(signals);

        // Not inlined, so that no register of the caller keeps the object.
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Make(IReadOnlyList<int> signals) => _ = new Finalized(signals);
    }

    /// <summary>The next waiting signal's number; null where none waits.</summary>
    public int? Read() => Read(out _);

    /// <summary>As <see cref="Read()"/>.</summary>
    /// <param name="fromKernel">Whether the kernel sent it (SI_KERNEL), as it does to a whole process group for a key of the terminal.</param>
    public int? Read(out bool fromKernel)
    {
        const int codeOffset = 8;
        const int kernel = 0x80;
        Span<byte> info = stackalloc byte[InfoSize];
        fromKernel = false;
        if (Fd.Read(Handle, info) != InfoSize)
            return null;
        fromKernel = MemoryMarshal.Read<int>(info[codeOffset..]) == kernel;
        return MemoryMarshal.Read<int>(info);
    }

    public void Dispose() => Handle.Dispose();

    [LibraryImport("libc", EntryPoint = "signalfd", SetLastError = true)]
    private static partial int SignalFdCall(int fd, SignalMask* mask, int flags);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetMask(int how, SignalMask* set, SignalMask* old);
}
