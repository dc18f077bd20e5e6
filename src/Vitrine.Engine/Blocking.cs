using Vitrine.ShimProtocol;

namespace Vitrine.Engine;

/// <summary>Waiting that may take long, off the caller's thread and off the pool.</summary>
internal static class Blocking
{
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

    public static ExitStatus ToStatus(this ExitedReply reply) => new(reply.ExitCode, reply.OomKilled, reply.Error);
}
