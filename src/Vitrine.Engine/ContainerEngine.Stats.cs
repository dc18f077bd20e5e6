using System.Runtime.CompilerServices;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Statistics;

namespace Vitrine.Engine;

/// <content>Statistics.</content>
public sealed partial class ContainerEngine
{
    private static readonly TimeSpan s_statsInterval = TimeSpan.FromSeconds(1);

    private readonly StatsSampler _sampler = new();

    /// <summary>What a container uses now. One that does not run uses nothing, and has no time of reading.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="before">The measurement before, which percentages are counted from.</param>
    /// <param name="cancellation">Honoured before the measurement.</param>
    /// <exception cref="VitrineException">NotFound.</exception>
    public Task<ContainerStats> MeasureAsync(string container, ContainerStats? before = null, CancellationToken cancellation = default) =>
        Blocking.Now(() => _sampler.Measure(_containers.Get(container), before, _options.Time.GetUtcNow()), cancellation);

    /// <summary>What a container uses, once or every second, as GET /containers/{id}/stats answers it.</summary>
    /// <param name="container">Name or id.</param>
    /// <param name="stream">Go on until the container is removed; otherwise one measurement.</param>
    /// <param name="oneShot">That one without a measurement before it, and thus without a second's wait.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="VitrineException">NotFound, at the first measurement.</exception>
    public async IAsyncEnumerable<ContainerStats> StatsAsync(string container, bool stream = true, bool oneShot = false,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var last = await MeasureAsync(container, null, cancellation).ConfigureAwait(false);
        if (stream || oneShot || last.Read is null)
            yield return last;
        if (!stream && (oneShot || last.Read is null))
            yield break;
        using var tick = new PeriodicTimer(s_statsInterval, _options.Time);
        do
        {
            await tick.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            if (await MeasureAgain(last, cancellation).ConfigureAwait(false) is not { } now)
                yield break;
            yield return last = now;
        }
        while (stream);
    }

    private async Task<ContainerStats?> MeasureAgain(ContainerStats last, CancellationToken cancellation)
    {
        try
        {
            return await MeasureAsync(last.Id, last, cancellation).ConfigureAwait(false);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.NotFound)
        {
            return null;
        }
    }
}
