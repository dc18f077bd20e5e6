using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <summary>Waiting that may take long, off the caller's thread and off the pool.</summary>
internal static class Blocking
{
    private const int SmallStack = 128 << 10;

    /// <summary>Milliseconds in which another one gains nothing.</summary>
    private const int AnticipationLasts = 5;

    private static long lastAnticipation;

    public static Task<T> Run<T>(Func<T> work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    public static Task Run(Action work, CancellationToken cancellation) =>
        Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Runs what only reads and writes small files at once; its failure is the task's.</summary>
    public static Task<T> Now<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <summary>
    /// A process is about to be moved into a container's cgroups: takes the kernel's wait for the first such move now, beside
    /// whatever else is to be done (<see cref="CgroupAnticipation"/>).
    /// </summary>
    public static void AnticipateCgroupJoin()
    {
        var now = Environment.TickCount64;
        if (now - Interlocked.Exchange(ref lastAnticipation, now) >= AnticipationLasts)
            new Thread(CgroupAnticipation.Anticipate, SmallStack) { IsBackground = true }.Start();
    }

    public static ExitStatus ToStatus(this ExitedReply reply) => new(reply.ExitCode, reply.OomKilled, reply.Error);
}
