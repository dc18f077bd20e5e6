namespace Vitrine.Shim.Oci.CommandLine;

/// <summary>What a flag takes.</summary>
internal enum FlagKind
{
    /// <summary>Nothing, or =true and =false.</summary>
    Switch,
    Text,

    /// <summary>A text, and it may be given more than once.</summary>
    Texts,
    Number,
}

/// <summary>A flag that a verb knows.</summary>
/// <param name="Name">Its long name, without dashes.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Help">What it does.</param>
/// <param name="Short">Its one-letter name, or null.</param>
/// <param name="Default">What help names as its default, or null.</param>
/// <param name="Hidden">Whether help leaves it out.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Help, string? Short = null, string? Default = null, bool Hidden = false);
