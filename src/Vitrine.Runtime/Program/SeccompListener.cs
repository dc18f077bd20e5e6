using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime.Containers;

namespace Vitrine.Runtime;

/// <summary>
/// The agent that answers for a filter's SCMP_ACT_NOTIFY, and what it is told: the container process state
/// (runtime-spec config-linux.md, The Container Process State).
/// </summary>
internal sealed class SeccompListener
{
    private readonly string _path;
    private readonly Spec _spec;
    private readonly string _id;
    private readonly string _bundle;
    private readonly int _containerPid;

    /// <param name="path">Its stream socket.</param>
    /// <param name="spec">The container's configuration.</param>
    /// <param name="id">The container.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="containerPid">The first process of the running container, or 0 where this makes it.</param>
    public SeccompListener(string path, Spec spec, string id, string bundle, int containerPid)
    {
        _path = path;
        _spec = spec;
        _id = id;
        _bundle = bundle;
        _containerPid = containerPid;
    }

    /// <summary>Gives the agent the listener of a process.</summary>
    /// <exception cref="SetupException">It does not take it.</exception>
    public void Send(int pid, SafeFileHandle listener)
    {
        var text = new JsonText().Object()
            .Text("ociVersion", _spec.OciVersion)
            .Texts("fds", ["seccompFd"])
            .Number("pid", pid);
        if (_spec.Linux?.Seccomp?.ListenerMetadata is { Length: > 0 } metadata)
            text.Text("metadata", metadata);
        text.Object("state")
            .Text("ociVersion", _spec.OciVersion)
            .Text("id", _id)
            .Text("status", _containerPid == 0 ? "creating" : "running")
            .Number("pid", _containerPid == 0 ? pid : _containerPid)
            .Text("bundle", _bundle)
            .Map("annotations", _spec.Annotations ?? new Dictionary<string, string>())
            .EndObject()
            .EndObject();
        try
        {
            SeqpacketSocket.SendToStream(_path, text.ToUtf8(), listener);
        }
        catch (LinuxException e)
        {
            throw new SetupException($"unable to start container process: error during container init: seccomp agent at {_path}: {e.Message}",
                cause: e);
        }
    }
}
