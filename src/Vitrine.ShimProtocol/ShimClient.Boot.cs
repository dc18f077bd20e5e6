using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.ShimProtocol;

public sealed partial class ShimClient
{
    /// <summary>The number the shim finds its boot connection under.</summary>
    public const int BootDescriptor = 3;

    /// <summary>
    /// The signals a shim takes from a signalfd. They are blocked from its first instruction on, so that no thread of
    /// the runtime, started before any of our code, can swallow one: INT, QUIT, HUP, TERM, CHLD.
    /// </summary>
    public static IReadOnlyList<int> ShimSignals { get; } = [1, 2, 3, 15, 17];

    /// <summary>
    /// A further connection to a shim that was booted and not told to <see cref="Start"/>: who attaches to it here misses nothing.
    /// </summary>
    /// <param name="subscribe">Says on the new connection what it is for; must not wait for answers.</param>
    /// <exception cref="ShimLostException">The shim is gone.</exception>
    public ShimClient Join(Action<ShimClient> subscribe)
    {
        var (ours, theirs) = SeqpacketSocket.Pair();
        using (theirs)
        {
            var client = new ShimClient(new ShimChannel(ours), null);
            try
            {
                subscribe(client);
                Guard(MessageKind.Join, default, wait: true, theirs.Handle);
                return client;
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
    }

    /// <summary>
    /// Starts a shim in a session of its own, with the boot connection open. It reads its plan, which need not exist before,
    /// when it is told to <see cref="Start"/>; disposing the client before that makes it leave without a trace.
    /// </summary>
    /// <param name="shimPath">The vitrine-shim binary.</param>
    /// <param name="planPath">The container's plan.json (<see cref="ShimPlan"/>).</param>
    /// <exception cref="LinuxException">The binary cannot be run.</exception>
    public static ShimClient Boot(string shimPath, string planPath)
    {
        using var seal = SealedProgram.Seal(Path.GetDirectoryName(Path.GetFullPath(shimPath))!);
        var (ours, theirs) = SeqpacketSocket.Pair();
        using (theirs)
        {
            try
            {
                return new ShimClient(new ShimChannel(ours), Spawn.Start(new SpawnRequest
                {
                    Program = seal is null ? shimPath : SealedProgram.PathIn(seal, Path.GetFileName(shimPath)),
                    Arguments = ["vitrine-shim", planPath],
                    // Nothing of the caller's environment: a shim lives long and is seen by all in /proc.
                    Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                    WorkingDirectory = "/",
                    NewSession = true,
                    BlockedSignals = ShimSignals,
                    Descriptors = new Dictionary<int, SafeFileHandle> { [BootDescriptor] = theirs.Handle },
                }));
            }
            catch
            {
                ours.Dispose();
                throw;
            }
        }
    }
}
