using Vitrine.Commands;
using Vitrine.Insight;
using Vitrine.Insight.Stores;

namespace Vitrine.Glass;

/// <summary>What a user means by PID|CONTAINER.</summary>
internal static class GlassTarget
{
    /// <summary>The first process of a container by its name or id, else any process by its number.</summary>
    /// <exception cref="VitrineException">There is none, or the container does not run.</exception>
    public static ExplainTarget Find(CommandContext context, string text) =>
        new VitrineStore(context.Globals.DataRoot, execRoot: context.Globals.ExecRoot).Target(text);
}
