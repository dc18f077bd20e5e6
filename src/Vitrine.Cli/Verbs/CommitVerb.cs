using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine commit</c></summary>
internal sealed class CommitVerb : Verb
{
    private readonly ValueFlag<string> _author;
    private readonly ListFlag<string> _changes;
    private readonly ValueFlag<string> _message;
    private readonly BoolFlag _pause;

    public CommitVerb()
    {
        _author = Flags.Text("author", 'a', "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
        _changes = Flags.List("change", 'c', "Apply Dockerfile instruction to the created image");
        _message = Flags.Text("message", 'm', "Commit message");
        _pause = Flags.Add(new BoolFlag("pause", 'p', "Pause container during commit") { Value = true, DefaultText = "true" });
    }

    public override string Usage => "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]";

    public override ArgumentCount Arguments => new(1, 2);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        using var interrupt = new Interrupt();
        cli.Print(await cli.Engine.CommitAsync(arguments[0], new CommitOptions
        {
            Name = arguments.Count > 1 ? arguments[1] : null,
            Author = _author.Value,
            Comment = _message.Value,
            Changes = _changes.Values,
            Pause = _pause.Value,
        }, interrupt.Token));
        return 0;
    }
}
