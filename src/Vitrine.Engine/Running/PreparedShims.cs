using Vitrine.Linux;
using Vitrine.ShimProtocol;

namespace Vitrine.Engine.Running;

/// <summary>
/// Shims that were booted before the start of their container was asked for, because it is about to be. A shim that waits holds
/// nothing, and leaves without a trace.
/// </summary>
internal sealed class PreparedShims
{
    /// <summary>Some megabytes at most for starts that do not come.</summary>
    private const int Most = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Lazy<ShimClient>> _waiting = [];
    private readonly Lock _lock = new();

    /// <summary>Boots a container's shim, unless it is booted already or too many wait.</summary>
    /// <param name="id">The container.</param>
    /// <param name="boot">Boots it.</param>
    /// <param name="expires">Whether to give it up after some seconds: for a process that does not end itself.</param>
    /// <exception cref="LinuxException">It cannot be booted.</exception>
    public void Add(string id, Func<ShimClient> boot, bool expires)
    {
        // Who takes it while it boots waits for that.
        var shim = new Lazy<ShimClient>(boot);
        lock (_lock)
        {
            if (_waiting.Count >= Most || !_waiting.TryAdd(id, shim))
                return;
        }
        if (expires)
            _ = ExpireAsync(id, shim);
        _ = shim.Value;
    }

    /// <summary>The shim of a container, the caller's from now on; null where none was prepared.</summary>
    /// <exception cref="LinuxException">It could not be booted.</exception>
    public ShimClient? Take(string id)
    {
        Lazy<ShimClient>? shim;
        lock (_lock)
            _waiting.Remove(id, out shim);
        return shim?.Value;
    }

    private async Task ExpireAsync(string id, Lazy<ShimClient> shim)
    {
        await Task.Delay(s_patience).ConfigureAwait(false);
        lock (_lock)
        {
            if (_waiting.GetValueOrDefault(id) != shim)
                return;
            _waiting.Remove(id);
        }
        if (shim.IsValueCreated)
            shim.Value.Dispose();
    }
}
