using System.Runtime.InteropServices;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Templates;
using Vitrine.Engine.Queries;

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
        if (string.IsNullOrEmpty(_format.Value))
        {
            Print(cli);
            return Task.FromResult(0);
        }

        var json = new TemplateMap(isOpen: false) { ["Client"] = Client(), ["Server"] = Server() };
        Template.ParseFormat(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(cli.Screen.Out, json);
        cli.Print("");
        return Task.FromResult(0);
    }

    private static void Print(CliContext cli)
    {
        (string Label, string Value)[] program =
        [
            ("Version:", ProductVersion.Text),
            ("API version:", ProductVersion.ApiVersion),
            ("Runtime:", RuntimeInformation.FrameworkDescription),
            ("OS/Arch:", $"linux/{HostDescription.Architecture}"),
        ];
        cli.Print("Client: Vitrine");
        foreach (var (label, value) in program)
            cli.Print($" {label,-19}{value}");
        cli.Print("");
        cli.Print("Server: Vitrine");
        cli.Print(" Engine:");
        foreach (var (label, value) in program)
            cli.Print($"  {label,-18}{value}{(label == "API version:" ? $" (minimum version {ProductVersion.OldestApiVersion})" : "")}");
        cli.Print($"  {"Kernel version:",-18}{HostDescription.KernelVersion}");
    }

    private static TemplateMap Client() => new(isOpen: false)
    {
        ["Platform"] = new TemplateMap(isOpen: false) { ["Name"] = "Vitrine" },
        ["Version"] = ProductVersion.Text,
        ["ApiVersion"] = ProductVersion.ApiVersion,
        ["DefaultAPIVersion"] = ProductVersion.ApiVersion,
        ["GitCommit"] = "",
        ["GoVersion"] = "",
        ["Os"] = "linux",
        ["Arch"] = HostDescription.Architecture,
        ["Runtime"] = RuntimeInformation.FrameworkDescription,
        ["Context"] = "default",
    };

    private static TemplateMap Server() => new(isOpen: false)
    {
        ["Platform"] = new TemplateMap(isOpen: false) { ["Name"] = "Vitrine" },
        ["Version"] = ProductVersion.Text,
        ["ApiVersion"] = ProductVersion.ApiVersion,
        ["MinAPIVersion"] = ProductVersion.OldestApiVersion,
        ["GitCommit"] = "",
        ["GoVersion"] = "",
        ["Os"] = "linux",
        ["Arch"] = HostDescription.Architecture,
        ["KernelVersion"] = HostDescription.KernelVersion,
        ["Runtime"] = RuntimeInformation.FrameworkDescription,
    };
}
