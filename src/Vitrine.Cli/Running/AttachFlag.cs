using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Running;

/// <summary><c>--attach STDIN|STDOUT|STDERR</c></summary>
internal static class AttachFlag
{
    public static ListFlag<string> Create() => new("attach", 'a', "list", "Attach to STDIN, STDOUT or STDERR", text =>
    {
        var stream = text.ToLowerInvariant();
        return stream is "stdin" or "stdout" or "stderr" ? stream : throw new FlagValueException("valid streams are STDIN, STDOUT and STDERR");
    });

    /// <summary>The streams to attach: those asked for, or output and, with -i, input.</summary>
    public static AttachedStreams Choose(IReadOnlyList<string> asked, bool interactive) => asked.Count == 0
        ? new AttachedStreams(interactive, true, true)
        : new AttachedStreams(asked.Contains("stdin"), asked.Contains("stdout"), asked.Contains("stderr"));
}
