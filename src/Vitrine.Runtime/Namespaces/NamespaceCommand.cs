namespace Vitrine.Runtime.Namespaces;

/// <summary>What is executed at the end.</summary>
/// <param name="Executables">Names to look for along PATH, or paths; the first that there is runs.</param>
/// <param name="Arguments">The arguments, the name that the program is called by first.</param>
/// <param name="Environment">NAME=value.</param>
/// <param name="IgnoredSignals">Signals that the caller ignores, as does what it executes (nohup).</param>
public sealed record NamespaceCommand(
    IReadOnlyList<string> Executables, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, IReadOnlyList<int> IgnoredSignals);
