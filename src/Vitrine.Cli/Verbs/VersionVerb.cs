using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Templates;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine version</c>. Client and server are one program here; both are named, because scripts ask for either.</summary>
internal sealed class VersionVerb : Verb
{
    private readonly ValueFlag<string> _format;

    public VersionVerb() => _format = Flags.Add(FormatFlag.Object());

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var facts = Facts();
        if (string.IsNullOrEmpty(_format.Value))
        {
            cli.Print("Vitrine:");
            foreach (var (name, value) in facts)
                cli.Print($" {name + ":",-16}{value}");
            return Task.FromResult(0);
        }

        var json = new TemplateMap(isOpen: false) { ["Client"] = facts, ["Server"] = facts };
        Template.Parse(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(cli.Screen.Out, json);
        cli.Print("");
        return Task.FromResult(0);
    }

    private static TemplateMap Facts() => new(isOpen: false)
    {
        ["Version"] = ProductVersion.Text,
        ["ApiVersion"] = ProductVersion.ApiVersion,
        ["Os"] = "linux",
        ["Arch"] = HostFacts.Architecture,
        ["KernelVersion"] = HostFacts.KernelVersion,
        ["Runtime"] = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
    };
}
