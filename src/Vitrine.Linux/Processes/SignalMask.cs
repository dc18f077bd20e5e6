using System.Runtime.CompilerServices;

namespace Vitrine.Linux;

/// <summary>A set of signals as the C library passes it (sigset_t, 1024 bits); the kernel reads the first 64.</summary>
internal struct SignalMask
{
    private Words _words;

    /// <summary>All 64, also 32 and 33: the C library's sigfillset leaves out those two of its own, and its posix_spawn then ignores them.</summary>
    public static SignalMask All
    {
        get
        {
            SignalMask mask = default;
            mask._words[0] = ulong.MaxValue;
            return mask;
        }
    }

    public static SignalMask Of(IReadOnlyList<int> signals)
    {
        SignalMask mask = default;
        foreach (var signal in signals)
            mask.Add(signal);
        return mask;
    }

    public void Add(int signal)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(signal is >= 1 and <= 64, true, nameof(signal));
        _words[(signal - 1) / 64] |= 1UL << ((signal - 1) % 64);
    }

    public readonly bool Contains(int signal) => (_words[(signal - 1) / 64] >> ((signal - 1) % 64) & 1) != 0;

    [InlineArray(16)]
    private struct Words
    {
        public ulong First;
    }
}
