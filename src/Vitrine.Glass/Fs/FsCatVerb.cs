using System.Text;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Files;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs cat</c></summary>
internal sealed class FsCatVerb : GlassVerb
{
    private const int BufferSize = 64 << 10;

    private readonly BoolFlag _raw;

    public FsCatVerb() => _raw = Flags.Bool("raw", "Let control characters through to a terminal");

    public override string Usage => "[OPTIONS] CONTAINER|PID:PATH [CONTAINER|PID:PATH...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override Operand Completes => Operand.Container;

    public override string Details =>
        "The bytes as they are; on a terminal control characters are made visible, as a file could speak to it.\n"
        + "Only regular files are opened: a device or a fifo could wait, or act.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments) =>
        context.ForEachAsync(arguments, argument =>
        {
            var (container, path) = FsPlace.Split(argument);
            using var root = FsPlace.Open(context, container);
            Print(context, root, path);
            return Task.CompletedTask;
        });

    private void Print(CommandContext context, ContainerRoot root, string path)
    {
        using var file = RegularFile.Open(root, path);
        var buffer = new byte[BufferSize];
        context.Screen.Out.Flush();
        while (FileOn.Read(file, buffer) is > 0 and var length)
        {
            if (context.Screen.OutputIsTerminal && !_raw.Value)
                Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(Harmless(buffer.AsSpan(0, length))));
            else
                Fd.WriteAll(Fd.StandardOutput, buffer.AsSpan(0, length));
        }
    }

    /// <summary>Lines and tabs stay, all else that is no letter is written as a number.</summary>
    internal static string Harmless(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\t');
            text.Append(CString.Display(end < 0 ? bytes : bytes[..end]));
            if (end >= 0)
                text.Append((char)bytes[end]);
            bytes = end < 0 ? default : bytes[(end + 1)..];
        }

        return text.ToString();
    }
}
