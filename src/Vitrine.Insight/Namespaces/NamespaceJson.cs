using Vitrine.Insight.Json;
using Vitrine.Linux.Proc;

namespace Vitrine.Insight.Namespaces;

/// <summary>Namespaces as JSON; the first fields are lsns's.</summary>
public static class NamespaceJson
{
    public static string List(IReadOnlyList<HostNamespace> namespaces) =>
        JsonText.Object(fields => fields.Objects("namespaces", namespaces, Summary));

    /// <param name="process">The process that was asked for, or null.</param>
    /// <param name="shown">Its namespaces, with what the kernel says of each.</param>
    public static string Details(int? process, IReadOnlyList<NamespaceView> shown) => JsonText.Object(fields =>
    {
        fields.Number("pid", process);
        fields.Objects("namespaces", shown, View);
    });

    private static void Summary(JsonFields fields, HostNamespace one)
    {
        fields.Unsigned("ns", one.Inode);
        fields.Text("type", NamespaceId.FileName(one.Kind));
        fields.Number("nprocs", one.Pids.Count);
        fields.Number("pid", one.Pids.Count == 0 ? null : one.Pids[0]);
        fields.Number("uid", one.Uid);
        fields.Text("user", one.User);
        fields.Text("command", one.Command);
        fields.Flag("host", one.IsHosts);
        fields.Text("file", one.File);
        fields.Objects("containers", one.Containers, static (container, value) =>
        {
            container.Text("engine", value.Engine);
            container.Text("id", value.Id);
            container.Text("name", value.Name);
            container.Number("pid", value.Pid);
        });
    }

    private static void View(JsonFields fields, NamespaceView view)
    {
        Summary(fields, view.Namespace);
        fields.Choice("scope", view.Scope);
        fields.Unsigned("ownerUserNamespace", view.Relations.Owner);
        fields.Unsigned("parent", view.Relations.Parent);
        fields.Number("ownerUid", view.Relations.OwnerUid);
        fields.Text("isolates", NamespaceMeanings.Of(view.Namespace.Kind));
        if (view.Users.Count + view.Groups.Count == 0)
            return;
        fields.Objects("uidMap", view.Users, Range);
        fields.Objects("gidMap", view.Groups, Range);
    }

    private static void Range(JsonFields fields, IdRange range)
    {
        fields.Number("inside", range.Inside);
        fields.Number("outside", range.Outside);
        fields.Number("count", range.Count);
    }
}
