namespace Vitrine.Engine.Files;

/// <summary>
/// A path in a container by docker's rules: cleaned as text, from the root; a slash or "/." at its end is kept, and means what
/// a symbolic link leads to.
/// </summary>
internal readonly record struct ContainerPath
{
    private ContainerPath(string text) => Text = text;

    /// <summary>Absolute, e.g. <c>/etc</c>, <c>/etc/</c>, <c>/etc/.</c></summary>
    public string Text { get; }

    /// <summary>As Go's filepath.Base: the last part, "." for a path that ends so, "/" for the root.</summary>
    public string Base => Text.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "/";

    /// <summary>Without slash or "/." at its end: where the name is.</summary>
    public string Directory => Text[..Math.Max(1, Text.LastIndexOf('/'))];

    /// <summary>The path below the root, clean: for names of archives.</summary>
    public string Relative => (Text.EndsWith("/.", StringComparison.Ordinal) ? Text[..^2] : Text).Trim('/');

    /// <exception cref="VitrineException">Invalid: empty, or with a NUL.</exception>
    public static ContainerPath Parse(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new VitrineException(ErrorKind.Invalid, "bad parameter: 'path' cannot be empty");
        var clean = Path.GetFullPath(path, "/").TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
        if (path == "." || path.EndsWith("/.", StringComparison.Ordinal))
            return new(clean == "/" ? "/." : clean + "/.");
        return new(path[^1] == '/' && clean != "/" ? clean + "/" : clean);
    }
}
