using System.Text;
using Vitrine.Linux;

namespace Vitrine.Engine;

/// <content>The setup program, before it is run.</content>
public sealed partial class ContainerEngine
{
    /// <summary>
    /// The system calls that would start a container that does not run, as text. The shim compiles them, as at a start, and
    /// prints them in place of running them.
    /// </summary>
    /// <param name="container">Name or id.</param>
    /// <param name="cancellation">Honoured before the shim is asked.</param>
    /// <exception cref="VitrineException">NotFound; Conflict: it runs; Internal: the shim cannot compile its configuration.</exception>
    public Task<string> ExplainSetupAsync(string container, CancellationToken cancellation = default) => Blocking.Now(() =>
    {
        using var locked = _containers.Lock(container, cancellation);
        var (record, state, paths) = locked.Container;
        if (state.HasShim)
            throw new VitrineException(ErrorKind.Conflict, $"container {record.Id} runs: its setup program has been run already");
        NewBundleWriter().Write(record, user: null);
        var shim = Spawn.Run([_options.ShimPath, "--explain", paths.Plan]);
        return shim.ExitCode == 0
            ? Encoding.UTF8.GetString(shim.Output)
            : throw new VitrineException(ErrorKind.Internal, Encoding.UTF8.GetString(shim.Errors).Trim());
    }, cancellation);
}
