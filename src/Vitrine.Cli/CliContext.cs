using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;

namespace Vitrine.Cli;

/// <summary>What every verb of <c>vitrine</c> works with: the screen, the global options and the engine.</summary>
internal sealed class CliContext(GlobalOptions globals, Screen screen) : CommandContext(globals, screen)
{
    private ContainerEngine? _engine;

    /// <summary>The engine on the roots of the global options, made at first use.</summary>
    public ContainerEngine Engine => _engine ??= new ContainerEngine(new EngineOptions
    {
        DataRoot = Globals.DataRoot,
        ExecRoot = Globals.ExecRoot,
        Note = Screen.WriteNote,
        CgroupParent = EngineOptions.CgroupParentOfEnvironment(),
        PublishAddress = Environment.GetEnvironmentVariable("VITRINE_PUBLISH_ADDRESS") ?? "",
        ShimPath = Environment.GetEnvironmentVariable("VITRINE_SHIM") is { Length: > 0 } shim
            ? Path.GetFullPath(shim)
            : Path.Combine(AppContext.BaseDirectory, "vitrine-shim"),
    });
}
