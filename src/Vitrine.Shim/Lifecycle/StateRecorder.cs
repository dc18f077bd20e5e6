using System.Text;
using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.ShimProtocol;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Lifecycle;

/// <summary>Keeps state.json true, by rename.</summary>
internal sealed class StateRecorder
{
    private readonly string _path;

    /// <summary>Begins with what the file says of earlier runs.</summary>
    public StateRecorder(ShimPlan plan)
    {
        _path = Path.Join(plan.ContainerDirectory, "state.json");
        State = ReadEarlier() with { ShimPid = Environment.ProcessId, BootId = ReadBootId(), StoppedByUser = false };
    }

    public ContainerState State { get; private set; }

    /// <summary>The process runs.</summary>
    public void Started(int pid, DateTimeOffset at, int restartCount) => Write(State with
    {
        Status = ContainerStatus.Running,
        Pid = pid,
        PidStartTime = ProcFs.Host.StartTime(pid) ?? 0,
        ExitCode = 0,
        Signal = null,
        OomKilled = false,
        Error = "",
        StartedAt = at,
        RestartCount = restartCount,
    });

    /// <summary>The process was paused, or runs again.</summary>
    public void Paused(bool value) => Write(State with { Status = value ? ContainerStatus.Paused : ContainerStatus.Running });

    /// <summary>The process has ended; it will be started again where <paramref name="restarting"/>.</summary>
    public void Ended(ExitStatus status, bool oomKilled, DateTimeOffset at, int restartCount, bool restarting, bool stoppedByUser) => Write(State with
    {
        Status = restarting ? ContainerStatus.Restarting : ContainerStatus.Exited,
        Pid = 0,
        PidStartTime = 0,
        ShimPid = restarting ? State.ShimPid : 0,
        ExitCode = status.Code,
        Signal = status.Signal,
        OomKilled = oomKilled,
        FinishedAt = at,
        RestartCount = restartCount,
        StoppedByUser = stoppedByUser,
    });

    /// <summary>The process has ended and the container goes with it: the file is not written for the moment until it is deleted.</summary>
    public void EndedForGood(ExitStatus status) => State = State with { Status = ContainerStatus.Exited, Pid = 0, PidStartTime = 0, ShimPid = 0, ExitCode = status.Code };

    /// <summary>It will not be started again after all.</summary>
    public void GaveUp(bool stoppedByUser) => Write(State with
    {
        Status = ContainerStatus.Exited,
        ShimPid = 0,
        StoppedByUser = stoppedByUser,
    });

    /// <summary>The start failed. A container that never ran stays created.</summary>
    public void FailedToStart(string error, int exitCode) => Write(State with
    {
        Status = State.StartedAt is null ? ContainerStatus.Created : ContainerStatus.Exited,
        Pid = 0,
        PidStartTime = 0,
        ShimPid = 0,
        ExitCode = exitCode,
        Error = error,
    });

    private void Write(ContainerState state)
    {
        State = state;
        var text = ShimCodec.Write(state).Span;
        try
        {
            // Not durable: after a power cut an old state, told by its boot id, says as much as a lost new one.
            AtomicFile.Write(_path, text, durable: false);
        }
        catch (IOException) when (File.Exists(_path))
        {
            Overwrite(text);
        }
    }

    /// <summary>On a full disk: the block that the old state is in takes the new one too, and an exit code is worth the risk.</summary>
    private void Overwrite(ReadOnlySpan<byte> text)
    {
        using var file = Fd.Open(_path, OpenFlags.WriteOnly);
        RandomAccess.Write(file, text, 0);
        RandomAccess.SetLength(file, text.Length);
    }

    private ContainerState ReadEarlier()
    {
        try
        {
            using var file = Fd.Open(_path, OpenFlags.ReadOnly);
            var text = new byte[RandomAccess.GetLength(file)];
            return ShimCodec.ReadState(text.AsSpan(0, RandomAccess.Read(file, text, 0)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return new ContainerState();
        }
    }

    private static string ReadBootId()
    {
        using var file = Fd.Open("/proc/sys/kernel/random/boot_id", OpenFlags.ReadOnly);
        Span<byte> text = stackalloc byte[64];
        return Encoding.ASCII.GetString(text[..Fd.Read(file, text)].TrimEnd((byte)'\n'));
    }
}
