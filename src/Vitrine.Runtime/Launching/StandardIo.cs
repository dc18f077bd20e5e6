using Microsoft.Win32.SafeHandles;

namespace Vitrine.Runtime;

/// <summary>
/// What becomes fds 0, 1 and 2 of the process. A program compiled with process.terminal takes none: it opens a terminal
/// of the container's own and gives the master back in <see cref="LaunchedProcess.TerminalMaster"/>.
/// </summary>
/// <param name="Input">Becomes fd 0. The caller keeps ownership of all three.</param>
/// <param name="Output">Becomes fd 1.</param>
/// <param name="Error">Becomes fd 2.</param>
public sealed record StandardIo(SafeFileHandle? Input, SafeFileHandle? Output, SafeFileHandle? Error)
{
    /// <summary>For a process with a terminal of its own.</summary>
    public static StandardIo Terminal { get; } = new(null, null, null);
}
