using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Commands.Templates;
using Vitrine.Engine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine info</c></summary>
internal sealed class InfoVerb : Verb
{
    private readonly ValueFlag<string> _format;

    public InfoVerb() => _format = Flags.Add(FormatFlag.Object());

    public override string Usage => "[OPTIONS]";

    public override ArgumentCount Arguments => ArgumentCount.None;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var facts = await FactsAsync(cli.Engine);
        if (string.IsNullOrEmpty(_format.Value))
        {
            Print(cli, facts);
            return 0;
        }

        Template.Parse(_format.Value == "json" ? "{{json .}}" : _format.Value).Execute(cli.Screen.Out, facts);
        cli.Print("");
        return 0;
    }

    private static async Task<TemplateMap> FactsAsync(ContainerEngine engine)
    {
        var containers = await engine.ListAsync(new ListOptions { All = true });
        var images = await engine.ListImagesAsync();
        var options = engine.Options;
        long Count(string state) => containers.Count(c => c.State == state);
        return new TemplateMap(isOpen: false)
        {
            ["Containers"] = (long)containers.Count,
            ["ContainersRunning"] = Count("running"),
            ["ContainersPaused"] = Count("paused"),
            ["ContainersStopped"] = containers.Count - Count("running") - Count("paused"),
            ["Images"] = (long)images.Count,
            ["ServerVersion"] = ProductVersion.Text,
            ["Driver"] = "overlay2",
            ["LoggingDriver"] = "json-file",
            ["CgroupDriver"] = "cgroupfs",
            ["CgroupVersion"] = HostFacts.CgroupVersion,
            ["KernelVersion"] = HostFacts.KernelVersion,
            ["OperatingSystem"] = HostFacts.OperatingSystem,
            ["OSType"] = "linux",
            ["Architecture"] = HostFacts.Architecture,
            ["NCPU"] = (long)Environment.ProcessorCount,
            ["MemTotal"] = HostFacts.TotalMemory,
            ["Name"] = HostFacts.HostName,
            ["DockerRootDir"] = options.DataRoot,
            ["ExecRoot"] = options.ExecRoot,
            ["CgroupParent"] = options.CgroupParent,
            ["ShimPath"] = options.ShimPath,
        };
    }

    private static void Print(CliContext cli, TemplateMap facts)
    {
        void Line(string label, string key) => cli.Print($"{label}: {GoText.Print(facts[key])}");
        Line("Version", "ServerVersion");
        Line("Containers", "Containers");
        Line(" Running", "ContainersRunning");
        Line(" Paused", "ContainersPaused");
        Line(" Stopped", "ContainersStopped");
        Line("Images", "Images");
        Line("Storage Driver", "Driver");
        Line("Logging Driver", "LoggingDriver");
        Line("Cgroup Driver", "CgroupDriver");
        Line("Cgroup Version", "CgroupVersion");
        Line("Cgroup Parent", "CgroupParent");
        Line("Kernel Version", "KernelVersion");
        Line("Operating System", "OperatingSystem");
        Line("OSType", "OSType");
        Line("Architecture", "Architecture");
        Line("CPUs", "NCPU");
        cli.Print($"Total Memory: {HumanText.BinarySize((long)facts["MemTotal"]!)}");
        Line("Name", "Name");
        Line("Data Root", "DockerRootDir");
        Line("Exec Root", "ExecRoot");
        Line("Shim", "ShimPath");
    }
}
