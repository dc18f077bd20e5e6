using System.Text;
using Vitrine.Engine.Storage;
using Vitrine.Images.Layers;

namespace Vitrine.Engine.Bundle;

/// <summary>A container's root file system as files, without mounting it.</summary>
internal static class RootFs
{
    /// <summary>/etc/passwd and /etc/group of an image are foreign text; more than this of it is not read.</summary>
    private const int MaximumAccountFile = 4 << 20;

    /// <summary>Opens the image's layers, and with <paramref name="upper"/> what the container has written over them.</summary>
    public static LayeredTree Open(StorePaths paths, ContainerRecord record, bool upper)
    {
        if (record.RootFs is { } directory)
            return new LayeredTree([directory]);
        var layers = record.Layers.Select(paths.Layer).ToList();
        return new LayeredTree(layers, upper || layers.Count == 0 ? paths.Container(record.Id).Upper : null);
    }

    /// <summary>Who a user specification is, by the root file system's account files.</summary>
    /// <exception cref="VitrineException">Invalid, in Docker's words.</exception>
    public static ProcessUser ResolveUser(LayeredTree tree, string user, IReadOnlyList<string>? groupAdd) =>
        new UserResolver(Read(tree, "/etc/passwd"), Read(tree, "/etc/group")).Resolve(user, groupAdd);

    private static string Read(LayeredTree tree, string path) =>
        tree.ReadFile(path, MaximumAccountFile) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
