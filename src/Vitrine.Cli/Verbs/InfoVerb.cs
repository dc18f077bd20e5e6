using System.Text.Json;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Parsing;
using Vitrine.Commands.Templates;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine info</c></summary>
internal sealed class InfoVerb : Verb
{
    private static readonly (string Label, string Field)[] s_counts =
    [
        ("Containers", "Containers"), (" Running", "ContainersRunning"), (" Paused", "ContainersPaused"), (" Stopped", "ContainersStopped"),
        ("Images", "Images"), ("Server Version", "ServerVersion"), ("Storage Driver", "Driver"),
    ];

    private static readonly (string Label, string Field)[] s_drivers =
        [("Logging Driver", "LoggingDriver"), ("Cgroup Driver", "CgroupDriver"), ("Cgroup Version", "CgroupVersion"), ("Cgroup Parent", "CgroupParent")];

    private static readonly (string Label, string Field)[] s_host =
    [
        ("Kernel Version", "KernelVersion"), ("Operating System", "OperatingSystem"), ("OSType", "OSType"), ("Architecture", "Architecture"),
        ("CPUs", "NCPU"),
    ];

    private static readonly (string Label, string Field)[] s_runtime = [("Default Runtime", "DefaultRuntime"), ("Init Binary", "InitBinary")];

    private static readonly (string Label, string Field)[] s_engine =
    [
        ("Name", "Name"), ("ID", "ID"), ("Docker Root Dir", "DockerRootDir"), ("Exec Root", "ExecRoot"), ("Shim", "ShimPath"),
        ("Debug Mode", "Debug"), ("Experimental", "ExperimentalBuild"),
    ];

    private readonly ValueFlag<string> _format;

    public InfoVerb() => _format = Flags.Add(FormatFlag.Object());

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        using var document = JsonDocument.Parse(await cli.Engine.InfoAsync(ProductVersion.Text));
        var facts = (TemplateMap)TemplateJson.ToValue(document.RootElement)!;
        if (string.IsNullOrEmpty(_format.Value))
        {
            Print(cli, facts);
            return 0;
        }

        Template.ParseFormat(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(cli.Screen.Out, facts);
        cli.Print("");
        return 0;
    }

    private static void Print(CliContext cli, TemplateMap facts)
    {
        cli.Print("Client:");
        cli.Print($" Version: {ProductVersion.Text}");
        cli.Print(" Context: default");
        cli.Print(" Debug Mode: false");
        cli.Print("");
        cli.Print("Server:");
        Lines(s_counts);
        foreach (var pair in List(facts["DriverStatus"]))
            cli.Print($"  {string.Join(": ", List(pair))}");
        Lines(s_drivers);
        cli.Print(" Plugins:");
        var plugins = (TemplateMap)facts["Plugins"]!;
        foreach (var kind in new[] { "Volume", "Network", "Log" })
            cli.Print($"  {kind}: {string.Join(' ', List(plugins[kind]))}");
        cli.Print(" Swarm: inactive");
        cli.Print($" Runtimes: {string.Join(' ', ((TemplateMap)facts["Runtimes"]!).Keys)}");
        Lines(s_runtime);
        cli.Print(" Security Options:");
        foreach (var option in List(facts["SecurityOptions"]))
            PrintSecurity(cli, (string)option!);
        Lines(s_host);
        cli.Print($" Total Memory: {HumanText.BinarySize((long)facts["MemTotal"]!)}");
        Lines(s_engine);
        cli.Print(" Insecure Registries:");
        foreach (var range in List(((TemplateMap)facts["RegistryConfig"]!)["InsecureRegistryCIDRs"]))
            cli.Print($"  {range}");
        cli.Print($" Live Restore Enabled: {GoText.Print(facts["LiveRestoreEnabled"])}");
        foreach (var warning in List(facts["Warnings"]))
            cli.Screen.Error.WriteLine(VisibleText.OfLines(GoText.Print(warning)));

        void Lines((string Label, string Field)[] lines)
        {
            foreach (var (label, field) in lines)
                cli.Print($" {label}: {GoText.Print(facts[field])}");
        }
    }

    /// <summary>name=seccomp,profile=builtin, as docker lays it out.</summary>
    private static void PrintSecurity(CliContext cli, string option)
    {
        foreach (var part in option.Split(','))
        {
            var (name, value) = KeyValues.Cut(part, '=');
            cli.Print(name == "name" ? $"  {value}" : $"   {char.ToUpperInvariant(name[0])}{name[1..]}: {value}");
        }
    }

    private static IReadOnlyList<object?> List(object? value) => value as IReadOnlyList<object?> ?? [];
}
