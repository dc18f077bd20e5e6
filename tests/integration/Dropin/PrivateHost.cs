using System.Diagnostics;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Dropin;

/// <summary>
/// Mount and network namespaces that other engines' programs are run in one after another: with an empty /run of their own, bridges
/// that go with the end, and without the extra v2 hierarchy of a hybrid cgroup layout, which some of them do not understand.
/// </summary>
public sealed class PrivateHost : IDisposable
{
    private const string Prepare = "umount /sys/fs/cgroup/unified 2>/dev/null; mount -t tmpfs -o mode=755 tmpfs /run && ip link set lo up && echo ready && exec cat";

    private readonly Process _holder;
    private readonly List<Process> _daemons = [];

    public PrivateHost()
    {
        Need.Root();
        Need.CgroupV1();
        Need.Overlay();
        // It ends with its stdin, and so with the tests, however they end.
        _holder = Command.Start("unshare", ["--mount", "--net", "--propagation", "private", "--", "sh", "-c", Prepare]);
        Assert.Equal("ready", _holder.StandardOutput.ReadLine());
        Files = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    }

    /// <summary>A directory for all that the engine keeps.</summary>
    public string Files { get; }

    public static string Runtime => Repository.Binary("vitrine-oci");

    /// <summary>The archive of the image that has nginx, redis and postgres in it.</summary>
    public static string ServicesArchive => TestImages.Archive("nginx");

    /// <summary>What runs a command on the engines' host as its root would: in their network, but not in their mount namespace.</summary>
    public IReadOnlyList<string> Outside => ["nsenter", Network, "--"];

    private string Network => $"--net=/proc/{_holder.Id}/ns/net";

    public CommandResult Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        Command.Run("nsenter", [$"--mount=/proc/{_holder.Id}/ns/mnt", Network, "--", .. arguments], null, environment, TimeSpan.FromMinutes(3));

    /// <summary>Starts a program that serves until the end, its words in a file.</summary>
    public void Serve(string log, params string[] arguments)
    {
        _daemons.Add(Command.Start("nsenter", [$"--mount=/proc/{_holder.Id}/ns/mnt", Network, "--", "sh", "-c", "exec \"$@\" >\"$0\" 2>&1", log, .. arguments]));
    }

    public void Dispose()
    {
        foreach (var daemon in _daemons)
        {
            Command.Run("kill", "-TERM", $"{daemon.Id}");
            if (!daemon.WaitForExit(TimeSpan.FromSeconds(30)))
                daemon.Kill();
            daemon.Dispose();
        }

        // What an engine left mounted below its directory goes with the namespace.
        Run(["sh", "-c", "grep -o ' '\"$1\"'[^ ]*' /proc/self/mountinfo | sort -ru | xargs -r umount -l", "sh", Files]);
        _holder.StandardInput.Close();
        _holder.WaitForExit(TimeSpan.FromSeconds(30));
        _holder.Dispose();
        Eventually.True(() => ProcessTable.WithArgument(Files).Count == 0, $"no process of {Files} is left: {string.Join("; ", ProcessTable.WithArgument(Files))}", 30);
        Directory.Delete(Files, recursive: true);
    }
}
