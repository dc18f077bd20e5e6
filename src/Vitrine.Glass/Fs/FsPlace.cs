using Vitrine.Commands;
using Vitrine.Insight.Files;
using Vitrine.Insight.Stores;

namespace Vitrine.Glass.Fs;

/// <summary>What CONTAINER[:PATH] means: a root directory and a path in it.</summary>
internal static class FsPlace
{
    /// <summary>The two parts; the path is / where none is given. <c>docker:web:/etc</c> has an engine before the name.</summary>
    public static (string Container, string Path) Split(string text)
    {
        var at = text.IndexOf(":/", StringComparison.Ordinal);
        return at < 0 ? (text, "/") : (text[..at], text[(at + 1)..]);
    }

    /// <summary>Whether an argument names a container's file and not one of this host.</summary>
    public static bool IsInside(string text) => text.IndexOf(":/", StringComparison.Ordinal) > 0;

    /// <summary>Opens the root of a container or process that runs; of Vitrine's also of one that does not.</summary>
    /// <exception cref="VitrineException">There is none, or it may not be looked at.</exception>
    public static ContainerRoot Open(CommandContext context, string container)
    {
        try
        {
            var target = GlassTarget.Find(context, container);
            return ContainerRoot.OfProcess(target.Pid, layerRoot: target.Hints?.LayerRoot);
        }
        catch (VitrineException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
        {
            return Stopped(context, container) ?? throw new VitrineException(e.Kind, e.Message, e);
        }
    }

    /// <summary>Opens the root of one that runs, as writing into another is the engine's to do.</summary>
    public static ContainerRoot OpenRunning(CommandContext context, string container)
    {
        var root = Open(context, container);
        if (root.Pid is not null)
            return root;
        root.Dispose();
        throw new VitrineException(ErrorKind.Conflict, $"container {container} does not run: its engine must keep it from starting meanwhile, so use vitrine cp to write to it");
    }

    private static ContainerRoot? Stopped(CommandContext context, string container)
    {
        var store = new VitrineStore(context.Globals.DataRoot);
        try
        {
            var name = container.StartsWith("vitrine:", StringComparison.Ordinal) ? container["vitrine:".Length..] : container;
            return store.Find(name) is { IsRunning: false, Layers.Count: > 0 } stored
                ? ContainerRoot.OfStopped(stored, [.. store.Hints(stored).Layers.Reverse().Select(layer => layer.Directory)])
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            return null; // Only root may read the store: what was said of the running ones stands.
        }
    }
}
