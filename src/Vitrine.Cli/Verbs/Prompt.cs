using System.Text;
using Vitrine.Commands.Output;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary>Asks the person at the terminal.</summary>
internal static class Prompt
{
    /// <summary>One line.</summary>
    /// <param name="screen">Where to ask.</param>
    /// <param name="question">What.</param>
    /// <param name="hidden">Whether the answer is not to be seen.</param>
    public static string Ask(Screen screen, string question, bool hidden)
    {
        screen.Out.Write(question);
        screen.Out.Flush();
        using var quiet = hidden ? TerminalMode.EnterSilent(Fd.StandardInput) : null;
        var answer = ReadLine();
        if (hidden)
            screen.Out.WriteLine("");
        return answer;
    }

    /// <summary>All of stdin.</summary>
    public static string ReadAll()
    {
        using var input = ArchiveFiles.OpenInput(ArchiveFiles.Standard);
        using var reader = new StreamReader(input, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Byte by byte: what follows the line is the next reader's.</summary>
    private static string ReadLine()
    {
        var line = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (Fd.Read(Fd.StandardInput, one) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }
}
