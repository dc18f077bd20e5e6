using Vitrine.Commands;
using Vitrine.Insight;
using Vitrine.Insight.Host;

namespace Vitrine.Glass;

/// <summary>What a user means by PID|CONTAINER.</summary>
internal static class GlassTarget
{
    /// <summary>The first process of a container of any engine by its name or id, else any process by its number.</summary>
    /// <exception cref="VitrineException">There is none, or the container does not run.</exception>
    public static ExplainTarget Find(CommandContext context, string text) =>
        Containers(context).Target(text);

    /// <summary>All containers of the host, with Vitrine's own store where the command line says.</summary>
    public static HostContainers Containers(CommandContext context) =>
        HostContainers.Read(new HostOptions { DataRoot = context.Globals.DataRoot, ExecRoot = context.Globals.ExecRoot });
}
