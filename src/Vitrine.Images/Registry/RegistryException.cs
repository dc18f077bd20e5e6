namespace Vitrine.Images.Registry;

/// <summary>A registry that could not be reached or that refused, in one line, with what the caller needs to decide whether to try again.</summary>
internal sealed class RegistryException : VitrineException
{
    public RegistryException(ErrorKind kind, string message, Exception? cause = null)
        : base(kind, message, cause)
    {
    }

    /// <summary>Whether the same request may succeed later: a broken connection, a busy or failing server.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether nobody there speaks our protocol, so that another address of the registry may do.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
