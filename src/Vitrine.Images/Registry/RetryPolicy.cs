namespace Vitrine.Images.Registry;

/// <summary>Tries again what failed for a moment, waiting longer each time.</summary>
/// <param name="delay">The first wait; each further one is twice as long.</param>
internal sealed class RetryPolicy(TimeSpan delay)
{
    public const int MaxAttempts = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (var failures = 0; ;)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (RegistryException error) when (error.IsTransient && ++failures < MaxAttempts)
            {
                await WaitAsync(failures, error.RetryAfter, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits after a number of failures in a row, or as long as the server asked, within bounds.</summary>
    public Task WaitAsync(int failures, TimeSpan? asked, CancellationToken cancellation)
    {
        var backoff = delay * Math.Pow(2, failures - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
        var wait = asked is { } given && given > backoff ? given : backoff;
        return Task.Delay(wait < LongestWait ? wait : LongestWait, cancellation);
    }
}
