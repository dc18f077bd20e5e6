namespace Vitrine;

/// <summary>What kind of failure an error is; front ends map it once, to an exit code or an HTTP status.</summary>
public enum ErrorKind
{
    /// <summary>The caller asked for something malformed or impossible (HTTP 400).</summary>
    Invalid,

    /// <summary>Credentials are missing or refused (HTTP 401).</summary>
    Denied,

    /// <summary>It is never done, whoever asks: a predefined network, a file system that may only be read (HTTP 403).</summary>
    Forbidden,

    /// <summary>The named object does not exist (HTTP 404).</summary>
    NotFound,

    /// <summary>The object's state does not allow it: a name taken, an image in use (HTTP 409).</summary>
    Conflict,

    /// <summary>This version does not do that (HTTP 501).</summary>
    NotImplemented,

    /// <summary>Something outside could not be reached or gave nonsense (HTTP 503).</summary>
    Unavailable,

    /// <summary>A failure of the host or of Vitrine itself (HTTP 500).</summary>
    Internal,
}

/// <summary>An error meant for the user: one line that names the thing, the reason and, where there is one, the way out.</summary>
public class VitrineException : Exception
{
    public VitrineException(ErrorKind kind, string message, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    public ErrorKind Kind { get; }
}
