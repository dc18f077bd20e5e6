using Vitrine.Commands.CommandLine;
using Vitrine.Engine.Docker;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine port</c></summary>
internal sealed class PortVerb : Verb
{
    public override string Usage => "CONTAINER [PRIVATE_PORT[/PROTO]]";

    public override ArgumentCount Arguments => new(1, 2);

    public override Operand Completes => Operand.RunningContainer;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var ports = (await cli.Engine.InspectAsync(arguments[0])).NetworkSettings.Ports ?? new Dictionary<string, IReadOnlyList<PortBinding>?>();
        if (arguments.Count > 1)
        {
            var wanted = arguments[1].Contains('/', StringComparison.Ordinal) ? arguments[1] : arguments[1] + "/tcp";
            if (ports.GetValueOrDefault(wanted) is not { Count: > 0 } bindings)
                throw new VitrineException(ErrorKind.NotFound, $"No public port '{arguments[1]}' published for {arguments[0]}");
            foreach (var binding in bindings)
                cli.Print(Text(binding));
            return 0;
        }
        foreach (var (port, bindings) in ports.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            foreach (var binding in bindings ?? [])
                cli.Print($"{port} -> {Text(binding)}");
        }
        return 0;
    }

    private static string Text(PortBinding binding) =>
        binding.HostIp.Contains(':', StringComparison.Ordinal) ? $"[{binding.HostIp}]:{binding.HostPort}" : $"{binding.HostIp}:{binding.HostPort}";
}
