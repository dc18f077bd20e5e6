using Vitrine.Commands.CommandLine;
using Vitrine.Cli.Running;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine create</c></summary>
internal sealed class CreateVerb : Verb
{
    private readonly ContainerFlags _container;
    private readonly ListFlag<string> _attach;

    public CreateVerb()
    {
        _container = new ContainerFlags(Flags);
        _attach = Flags.Add(AttachFlag.Create());
    }

    public override string Usage => "[OPTIONS] IMAGE [COMMAND] [ARG...]";

    public override ArgumentCount Arguments => _container.Files.RootFs is null ? ArgumentCount.AtLeast(1) : ArgumentCount.AtLeast(0);

    public override Operand Completes => Operand.Image;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var streams = AttachFlag.Choose(_attach.Values, _container.Interactive);
        cli.Print(await new ContainerCreation(cli, _container).CreateAsync(arguments, streams));
        return 0;
    }
}
