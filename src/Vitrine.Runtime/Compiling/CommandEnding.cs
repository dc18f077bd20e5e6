using Microsoft.Win32.SafeHandles;

namespace Vitrine.Runtime;

/// <summary>How a finished process comes to run its command.</summary>
/// <param name="Ties">What ties it to its launcher.</param>
/// <param name="Init">Whether it stays as the command's init.</param>
/// <param name="StartFifo">What it waits for before it executes the command, or null.</param>
/// <param name="Executable">The file to execute where that is not the first argument.</param>
/// <param name="KeepsSession">Whether it stays in its launcher's session, at the same terminal.</param>
internal sealed record CommandEnding(ProcessTies Ties, bool Init = false, SafeFileHandle? StartFifo = null, string? Executable = null, bool KeepsSession = false);
