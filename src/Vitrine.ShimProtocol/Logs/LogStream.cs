namespace Vitrine.ShimProtocol.Logs;

/// <summary>Which of a process's outputs.</summary>
public enum LogStream
{
    Stdout = 1,
    Stderr = 2,
}
