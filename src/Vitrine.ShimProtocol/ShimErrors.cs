namespace Vitrine.ShimProtocol;

/// <summary>The shim refused: the container or the exec could not be started, or the request makes no sense now.</summary>
public sealed class ShimFailedException(FailedReply reply) : VitrineException(ErrorKind.Invalid, reply.Message)
{
    /// <summary>What the CLI's exit code would be: 125, 126 (cannot run) or 127 (not found).</summary>
    public int ExitCode { get; } = reply.ExitCode;
}

/// <summary>The shim went away without its last word: it was killed. The container's state tells the rest after repair.</summary>
public sealed class ShimLostException(string message, Exception? cause = null) : VitrineException(ErrorKind.Unavailable, message, cause);
