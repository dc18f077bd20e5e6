using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Cli.Verbs;
using Vitrine.Cli.Verbs.Volumes;

namespace Vitrine.Cli;

/// <summary>Every verb by every name it has. A verb's options are made only when it is the one invoked.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandGroup> Groups { get; } =
    [
        new("container", "Manage containers"),
        new("image", "Manage images"),
        new("manifest", "Manage image manifests and manifest lists"),
        new("network", "Manage networks"),
        new("system", "Manage Vitrine"),
        new("volume", "Manage volumes"),
        .. GlassCommands.Groups,
    ];

    public static IReadOnlyList<Command> Commands { get; } =
    [
        new("Create and run a new container from an image", () => new RunVerb(), "container run", "run") { IsCommon = true },
        new("Execute a command in a running container", () => new ExecVerb(), "container exec", "exec") { IsCommon = true },
        new("List containers", () => new PsVerb(), "container ls", "container list", "container ps", "ps") { IsCommon = true },
        .. GlassCommands.All,
        new("Download an image from a registry", () => new PullVerb(), "image pull", "pull") { IsCommon = true },
        new("List images", () => new ImagesVerb(), "image ls", "image list", "images") { IsCommon = true },
        new("Show the Vitrine version information", () => new VersionVerb(), "version") { IsCommon = true },
        new("Display system-wide information", () => new InfoVerb(), "system info", "info") { IsCommon = true },
        new("Attach local standard input, output, and error streams to a running container", () => new AttachVerb(), "container attach", "attach"),
        new("Generate the autocompletion script for a shell", () => new CompletionVerb(), "completion"),
        new("Create a new image from a container's changes", () => new CommitVerb(), "container commit", "commit"),
        new("Copy files/folders between a container and the local filesystem", () => new CopyVerb(), "container cp", "cp"),
        new("Create a new container", () => new CreateVerb(), "container create", "create"),
        new("Get real time events from the engine", () => new EventsVerb(), "system events", "events"),
        new("Inspect changes to files or directories on a container's filesystem", () => new DiffVerb(), "container diff", "diff"),
        new("Export a container's filesystem as a tar archive", () => new ExportVerb(), "container export", "export"),
        new("Show the history of an image", () => new HistoryVerb(), "image history", "history"),
        new("Import the contents from a tarball to create a filesystem image", () => new ImportVerb(), "image import", "import"),
        new("Display detailed information on one or more containers", () => new InspectVerb(InspectVerb.Subject.Container), "container inspect"),
        new("Display detailed information on one or more images", () => new InspectVerb(InspectVerb.Subject.Image), "image inspect"),
        new("Return low-level information on containers and images", () => new InspectVerb(InspectVerb.Subject.Any), "inspect"),
        new("Kill one or more running containers", () => new KillVerb(), "container kill", "kill"),
        new("Load an image from a tar archive or STDIN", () => new LoadVerb(), "image load", "load"),
        new("Authenticate to a registry", () => new LoginVerb(), "login"),
        new("Log out from a registry", () => new LogoutVerb(), "logout"),
        new("Fetch the logs of a container", () => new LogsVerb(), "container logs", "logs"),
        new("Pause all processes within one or more containers", () => new PauseVerb(pauses: true), "container pause", "pause"),
        new("Show disk usage", () => new SystemDfVerb(), "system df"),
        new("Remove unused data", () => new SystemPruneVerb(), "system prune"),
        new("Remove all stopped containers", () => new ContainerPruneVerb(), "container prune"),
        new("Add additional information to a local image manifest", () => new ManifestAnnotateVerb(), "manifest annotate"),
        new("Create a local manifest list for annotating and pushing to a registry", () => new ManifestCreateVerb(), "manifest create"),
        new("Push a manifest list to a repository", () => new ManifestPushVerb(), "manifest push"),
        new("Delete one or more manifest lists from local storage", () => new ManifestRmVerb(), "manifest rm"),
        new("Display an image manifest, or manifest list", () => new ManifestInspectVerb(), "manifest inspect"),
        new("Remove unused images", () => new ImagePruneVerb(), "image prune"),
        new("Upload an image to a registry", () => new PushVerb(), "image push", "push"),
        new("Connect a container to a network", () => new NetworkConnectVerb(), "network connect"),
        new("Create a network", () => new NetworkCreateVerb(), "network create"),
        new("Disconnect a container from a network", () => new NetworkDisconnectVerb(), "network disconnect"),
        new("Display detailed information on one or more networks", () => new InspectVerb(InspectVerb.Subject.Network), "network inspect"),
        new("List networks", () => new NetworkLsVerb(), "network ls", "network list"),
        new("Remove all unused networks", () => new NetworkPruneVerb(), "network prune"),
        new("Put back what of bridges and firewall rules is missing", () => new NetworkRepairVerb(), "network repair"),
        new("Remove one or more networks", () => new NetworkRmVerb(), "network rm", "network remove"),
        new("List port mappings or a specific mapping for the container", () => new PortVerb(), "container port", "port"),
        new("Rename a container", () => new RenameVerb(), "container rename", "rename"),
        new("Restart one or more containers", () => new StopVerb(restarts: true), "container restart", "restart"),
        new("Remove one or more containers", () => new RmVerb(), "container rm", "container remove", "rm"),
        new("Remove one or more images", () => new RmiVerb(), "image rm", "image remove", "rmi"),
        new("Save one or more images to a tar archive (streamed to STDOUT by default)", () => new SaveVerb(), "image save", "save"),
        new("Serve the Docker Engine API on a unix socket", null, "serve") { Program = "vitrined" },
        new("Display a live stream of container resource usage statistics", () => new StatsVerb(), "container stats", "stats"),
        new("Search Docker Hub for images", () => new SearchVerb(), "search"),
        new("Start one or more stopped containers", () => new StartVerb(), "container start", "start"),
        new("Stop one or more running containers", () => new StopVerb(restarts: false), "container stop", "stop"),
        new("Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", () => new TagVerb(), "image tag", "tag"),
        new("Display the running processes of a container", () => new TopVerb(), "container top", "top"),
        new("Unpause all processes within one or more containers", () => new PauseVerb(pauses: false), "container unpause", "unpause"),
        new("Update configuration of one or more containers", () => new UpdateVerb(), "container update", "update"),
        new("Create a volume", () => new VolumeCreateVerb(), "volume create"),
        new("Display detailed information on one or more volumes", () => new InspectVerb(InspectVerb.Subject.Volume), "volume inspect"),
        new("List volumes", () => new VolumeListVerb(), "volume ls", "volume list"),
        new("Remove unused local volumes", () => new VolumePruneVerb(), "volume prune"),
        new("Remove one or more volumes", () => new VolumeRemoveVerb(), "volume rm", "volume remove"),
        new("Block until one or more containers stop, then print their exit codes", () => new WaitVerb(), "container wait", "wait"),
        new("Answer a shell that completes a command line", () => new CompleteVerb(), "__complete") { IsHidden = true },
    ];

    private const string Later = "comes with a later version of Vitrine";
    private const string NoSwarm = "is of swarm, which Vitrine does not have";
    private const string NoDaemons = "chooses between daemons, and there is none: --data-root and --exec-root choose a store";

    /// <summary>Commands of docker's that are not here, and why.</summary>
    private static readonly Dictionary<string, string> s_refused = new()
    {
        ["build"] = Later,
        ["builder"] = Later,
        ["buildx"] = Later,
        ["checkpoint"] = "needs CRIU, which Vitrine does not use",
        ["compose"] = "is a program of its own: docker-compose works with Vitrine's API",
        ["config"] = NoSwarm,
        ["context"] = NoDaemons,
        ["node"] = NoSwarm,
        ["plugin"] = "manages plugins of a daemon, and there is none",
        ["secret"] = NoSwarm,
        ["service"] = NoSwarm,
        ["stack"] = NoSwarm,
        ["swarm"] = NoSwarm,
        ["trust"] = "signs with Notary, which docker gives up too",
        ["volume update"] = "changes cluster volumes of swarm, which Vitrine does not have",
    };

    public static CommandSet Set { get; } = new(Groups, Commands);

    /// <summary>The command of a form such as <c>container run</c>, or null.</summary>
    public static Command? Find(string form) => Set.Find(form);

    /// <summary>Why a command of docker's is not here; null of what is no such command, or is here.</summary>
    public static string? ReasonAgainst(string form) =>
        s_refused.GetValueOrDefault(form) ?? s_refused.GetValueOrDefault(form.Split(' ')[0]) ?? (form == "image build" ? Later : null);

    /// <summary>What to say of a form that is no command.</summary>
    public static string Unknown(string form) => ReasonAgainst(form) is { } reason
        ? $"'{ProgramName.Text} {form}' {reason}"
        : form.Split(' ') is [var group, _]
            ? $"unknown command: {ProgramName.Text} {form}\n\nUsage:  {ProgramName.Text} {group}\n\nRun '{ProgramName.Text} {group} --help' for more information"
            : $"unknown command: {ProgramName.Text} {form}\n\nRun '{ProgramName.Text} --help' for more information";
}
