using System.Globalization;
using Vitrine.Commands;
using Vitrine.Insight.Host;
using Vitrine.Insight.Namespaces;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Namespaces;

/// <summary><c>vitrine ns show</c>: the namespaces of a process, or one by its number.</summary>
internal sealed class NsShowVerb() : ShowVerb("namespaces")
{
    public override string Usage => "[OPTIONS] CONTAINER|PID|INODE";

    public override string Details =>
        "For each namespace of a container's first process, of any process, or for one by its number (the\n"
        + "first column of ns ls): what it isolates, with whom it is shared, which user namespace owns it and\n"
        + "which is above it; of a user namespace also how ids are mapped.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var host = GlassTarget.Containers(context);
        var catalog = NamespaceCatalog.Read(host, ProcFs.Host, new AccountNames());
        var (pid, namespaces) = Find(host, catalog, arguments[0]);
        var shown = namespaces.Select(one => NamespaceView.Of(one, ProcFs.Host)).ToList();
        Show(context, () => NamespaceJson.Details(pid, shown), paper => NamespaceViewText.Write(paper, pid, shown));
        foreach (var missing in catalog.Missing)
            context.Screen.WriteError(missing);
        return Task.FromResult(0);
    }

    private static (int? Pid, IReadOnlyList<HostNamespace> Namespaces) Find(HostContainers host, NamespaceCatalog catalog, string text)
    {
        if (Inode(text) is { } inode)
            return (null, [catalog.Find(inode) ?? throw new VitrineException(ErrorKind.NotFound, $"No such namespace: {inode}")]);
        var pid = host.Resolve(text).Pid;
        return catalog.Of(pid) is { Count: > 0 } found
            ? (pid, found)
            : throw new VitrineException(ErrorKind.Unavailable, $"the namespaces of process {pid} are not shown to this user: run as root");
    }

    /// <summary><c>4026532281</c> or <c>net:[4026532281]</c>: numbers that no pid reaches.</summary>
    private static ulong? Inode(string text)
    {
        const ulong firstInode = 0x8000_0000;
        foreach (var kind in NamespaceId.Kinds)
        {
            if (NamespaceId.TryParse(kind, text, out var id))
                return id.Inode;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= firstInode and <= uint.MaxValue ? number : null;
    }
}
