using Vitrine.Oci;

namespace Vitrine.Images.Registry;

/// <summary>What a token is asked for (distribution's token scopes).</summary>
/// <param name="Actions">On the repository; empty asks for nothing but a proof of the login.</param>
/// <param name="Readable">Further repositories to be read.</param>
internal sealed record RegistryScope(IReadOnlyList<string> Actions, IReadOnlyList<string> Readable)
{
    /// <summary>Reading one repository: what the registry's own challenge says.</summary>
    public static RegistryScope Pull { get; } = new(["pull"], []);

    /// <summary>Only whether the login is right.</summary>
    public static RegistryScope None { get; } = new([], []);

    public bool IsPush => Actions.Contains("push");

    /// <summary>The values of the scope parameter.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="challenged">What the registry says is needed, or null.</param>
    public IEnumerable<string> Of(ImageReference name, string? challenged)
    {
        if (Actions.Count == 0)
            return [];
        var own = IsPush || challenged is null ? $"repository:{name.Path}:{string.Join(',', Actions)}" : challenged;
        return Readable.Select(static path => $"repository:{path}:pull").Prepend(own);
    }
}
