namespace Vitrine.Images.Layers;

/// <summary>
/// Work that blocks, on a thread of its own. A thread that waits for bytes from a pipe cannot be woken, so when the work is no longer
/// wanted it gets a moment to end by itself and is then left behind, a background thread that does not keep the process.
/// </summary>
internal static class BlockingWork
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Starts the work; the task is its result or its failure.</summary>
    public static Task<T> Start<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs work that looks at the token itself now and then.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the work may still wait for its input or output.</exception>
    public static async Task RunAsync(Action work, CancellationToken cancellation)
    {
        var task = Start(() => { work(); return true; });
        try
        {
            await task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            await EndOrLeaveAsync(task).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits a moment for work that is to end, whatever its outcome.</summary>
    public static Task EndOrLeaveAsync(Task task) => Task.WhenAny(task, Task.Delay(Grace));
}
