namespace Vitrine.Engine.Creation;

/// <summary>A namespace mode of HostConfig: a word such as host or private, or container:NAME.</summary>
internal readonly record struct NamespaceMode(string Text)
{
    private const string ContainerPrefix = "container:";

    public bool IsHost => Text == "host";

    public bool IsEmpty => string.IsNullOrEmpty(Text);

    public bool IsContainer => Text.StartsWith(ContainerPrefix, StringComparison.Ordinal);

    /// <summary>Name or id behind container:, or null for another mode.</summary>
    public string? Container => IsContainer ? Text[ContainerPrefix.Length..] : null;

    public static string Join(string containerId) => ContainerPrefix + containerId;
}
