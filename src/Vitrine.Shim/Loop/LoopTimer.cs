namespace Vitrine.Shim.Loop;

/// <summary>A deadline in the loop.</summary>
internal sealed class LoopTimer(Action handler)
{
    /// <summary>When it fires, on <see cref="EventLoop.Now"/>'s clock; null while it is not set.</summary>
    public long? Due { get; private set; }

    /// <summary>Fires once, so many milliseconds from now, instead of when it was set to before.</summary>
    public void Set(long milliseconds) => Due = EventLoop.Now + Math.Max(0, milliseconds);

    public void Cancel() => Due = null;

    internal void Fire()
    {
        Due = null;
        handler();
    }
}
