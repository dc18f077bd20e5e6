namespace Vitrine.Engine.Attaching;

/// <summary>
/// Watches typed bytes for the detach sequence. What may be its beginning is held back until it is known whether it is, so
/// that a container never sees half of it.
/// </summary>
public sealed class DetachDetector(byte[] sequence)
{
    private int _matched;

    /// <summary>Takes typed bytes.</summary>
    /// <param name="typed">What was read.</param>
    /// <param name="passed">What is for the container, in order.</param>
    /// <returns>True when the sequence is complete; what was typed after it is dropped.</returns>
    public bool Feed(ReadOnlySpan<byte> typed, out byte[] passed)
    {
        var output = new List<byte>(typed.Length + _matched);
        foreach (var key in typed)
        {
            if (key != sequence[_matched])
            {
                // The held keys were no beginning after all; this one may be.
                output.AddRange(sequence.AsSpan(0, _matched));
                _matched = 0;
            }

            if (key != sequence[_matched])
                output.Add(key);
            else if (++_matched == sequence.Length)
                break;
        }

        passed = [.. output];
        if (_matched < sequence.Length)
            return false;
        _matched = 0;
        return true;
    }
}
