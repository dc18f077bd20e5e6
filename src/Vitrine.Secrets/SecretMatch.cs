namespace Vitrine.Secrets;

/// <summary>How sure a detector is.</summary>
public enum Confidence
{
    /// <summary>It looks random.</summary>
    Possible,

    /// <summary>Its name says so.</summary>
    Likely,

    /// <summary>Its form is unmistakable.</summary>
    Certain,
}

/// <summary>A part of a text that looks like a secret.</summary>
/// <param name="Start">Where the secret itself begins: what is before it (a URL's scheme, an option's name) may be shown.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Kind">What it looks like.</param>
/// <param name="Confidence">How sure that is.</param>
public sealed record SecretMatch(int Start, int Length, string Kind, Confidence Confidence)
{
    public int End => Start + Length;

    public SecretMatch Shift(int offset) => this with { Start = Start + offset };
}
