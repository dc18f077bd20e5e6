using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>What a person wants at a step.</summary>
internal enum LabAnswer
{
    Run,
    Skip,
    Shell,
    Quit,
}

/// <summary>Asks the person in front of the terminal.</summary>
internal sealed class LabPrompt(LabText text, CancellationToken cancellation)
{
    private const int Tick = 50;

    /// <summary>What to do with the step that was just shown.</summary>
    public LabAnswer BeforeStep() => Ask("[Enter] run it  [s]kip  [!] shell in the sandbox  [q]uit:", LabAnswer.Run);

    /// <summary>What to do after a step that failed: run it again, or skip, which goes on.</summary>
    public LabAnswer AfterFailure() => Ask("[Enter] go on  [r]un it again  [!] shell in the sandbox  [q]uit:", LabAnswer.Skip);

    private LabAnswer Ask(string question, LabAnswer usual)
    {
        while (true)
        {
            text.Question(question);
            var answer = ReadLine();
            switch (answer)
            {
                case null or "q" or "quit":
                    return LabAnswer.Quit;
                case "":
                    return usual;
                case "r" or "run":
                    return LabAnswer.Run;
                case "s" or "skip":
                    return LabAnswer.Skip;
                case "!":
                    return LabAnswer.Shell;
                default:
                    text.Note($"'{answer}' is none of these answers");
                    break;
            }
        }
    }

    /// <summary>A line without its end; null at the end of the input.</summary>
    private string? ReadLine()
    {
        var line = new List<byte>();
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            while (Poll.Wait(Fd.StandardInput, PollEvents.Read, Tick) == PollEvents.None)
                cancellation.ThrowIfCancellationRequested();
            // No more than this line: what follows is the shell's.
            if (Fd.Read(Fd.StandardInput, one) <= 0)
                return null;
            if (one[0] == '\n')
                return System.Text.Encoding.UTF8.GetString([.. line]).Trim();
            line.Add(one[0]);
        }
    }
}
