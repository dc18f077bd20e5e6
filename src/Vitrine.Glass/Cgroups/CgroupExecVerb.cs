using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Control;
using Vitrine.Linux;

namespace Vitrine.Glass.Cgroups;

/// <summary><c>vitrine cgroup exec</c></summary>
internal sealed class CgroupExecVerb : CgroupVerb
{
    private readonly ListFlag<CgroupPlaces> _places;

    public CgroupExecVerb()
    {
        Flags.OptionsEndAtFirstArgument = true;
        _places = CgroupPlaces.Flag(Flags);
    }

    public override string Usage => "[-g CONTROLLERS:PATH]... [CGROUP] COMMAND [ARG...]";

    public override ArgumentCount Arguments => ArgumentCount.AtLeast(1);

    public override string Details =>
        "Joins a cgroup and becomes the command, which keeps this pid: nothing is started outside of it.\n"
        + "With -g, as for cgexec, the hierarchies are named one by one, and CGROUP is left out.\n\n" + NamesHelp;

    /// <summary>As of env(1) and docker run: what goes wrong before the command has its own code.</summary>
    public override int FailureCode => 125;

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var layout = CgroupLayout.Read();
        var command = _places.Values.Count > 0 ? arguments : [.. arguments.Skip(1)];
        if (command is ["--", ..])
            command = [.. command.Skip(1)];
        if (command.Count == 0)
            throw new VitrineException(ErrorKind.Invalid, "name the command to run behind the cgroup");
        ControlGroup[] groups = _places.Values.Count > 0
            ? [.. _places.Values.Select(place => place.In(Finder(context, layout), layout))]
            : [Finder(context, layout).Find(arguments[0])];
        foreach (var group in groups)
            CgroupJoin.Enter(group, Environment.ProcessId);
        context.Screen.Out.Flush();
        try
        {
            ThisProcess.Become(command);
        }
        catch (LinuxException e)
        {
            context.Screen.WriteError($"{command[0]}: {e.Errno.Describe()}");
            return Task.FromResult(e.Errno == Errno.ENOENT ? 127 : 126);
        }

        return Task.FromResult(FailureCode);
    }
}
