namespace Vitrine.Runtime;

/// <summary>A process could not be set up or its command could not be run; nothing of it is left.</summary>
public sealed class SetupException : VitrineException
{
    public SetupException(string message, int exitCode = 125, Exception? cause = null)
        : base(exitCode == 125 ? ErrorKind.Internal : ErrorKind.Invalid, message, cause) => ExitCode = exitCode;

    /// <summary>The message without the words that docker puts before it.</summary>
    public string Reason
    {
        get
        {
            var reason = Message.AsSpan();
            foreach (var prefix in (ReadOnlySpan<string>)["unable to start container process: ", "error during container init: "])
            {
                if (reason.StartsWith(prefix, StringComparison.Ordinal))
                    reason = reason[prefix.Length..];
            }

            return reason.ToString();
        }
    }

    /// <summary>Docker's exit code: 127 where the command was not found, 126 where it cannot be executed, otherwise 125.</summary>
    public int ExitCode { get; }
}
