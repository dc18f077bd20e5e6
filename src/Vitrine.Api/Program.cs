using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Api.Serving;
using Vitrine.Engine;
using Vitrine.Linux;
using Vitrine.Secrets;

namespace Vitrine.Api;

/// <summary>vitrined: serves until it is told to end.</summary>
internal static class Program
{
    /// <summary>Threads that are there at once for calls that wait; the pool adds further ones only slowly.</summary>
    private const int ReadyThreads = 64;

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            var options = ServerOptions.Parse(arguments);
            if (options.ShowHelp || options.ShowVersion)
            {
                Print(options.ShowHelp ? ServerOptions.Usage : $"Vitrine version {ProductVersion.Text}\n");
                return 0;
            }
            await ServeAsync(options).ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is VitrineException or LinuxException or IOException or UnauthorizedAccessException or SocketException)
        {
            new ServerLog(debug: false).Error(e.Message);
            return 1;
        }
    }

    private static async Task ServeAsync(ServerOptions options)
    {
        ThreadPool.SetMinThreads(ReadyThreads, ReadyThreads);
        var log = new ServerLog(options.Debug);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = OnSignal(PosixSignal.SIGTERM, stop);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        PrivateDirectory.Create(options.ExecRoot, options.ExecRoot);
        var engine = new ContainerEngine(options.ToEngineOptions() with { Note = log.Info });
        var mask = new TrafficMask(reveal: false);
        using var audit = options.AuditLog is { } file ? new AuditLog(file, TimeProvider.System, mask) : null;
        using var server = new ApiServer(options, new ApiServices(engine, TimeProvider.System, log) { Audit = audit, Mask = mask });
        await server.StartAsync().ConfigureAwait(false);
        log.Info($"Vitrine {ProductVersion.Text} serves {options.DataRoot}");
        await StartAtBootAsync(engine, log).ConfigureAwait(false);
        using var end = new CancellationTokenSource();
        var watch = new NetworkWatch(engine, log).RunAsync(end.Token);
        await stop.Task.ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await watch.ConfigureAwait(false);
        await server.StopAsync(s_farewell).ConfigureAwait(false);
    }

    /// <summary>What ran when the host was shut down, and wants to run again.</summary>
    private static async Task StartAtBootAsync(ContainerEngine engine, ServerLog log)
    {
        try
        {
            foreach (var start in await engine.StartAtBootAsync().ConfigureAwait(false))
            {
                if (start.Problem is { } problem)
                    log.Error($"container {start.Name} was not started again: {problem}");
                else
                    log.Info($"container {start.Name} started again after the host");
            }
        }
        catch (Exception e) when (e is VitrineException or LinuxException or IOException)
        {
            // A store that cannot be read is told to whoever asks for something of it.
            log.Error($"looking for containers to start again: {e.Message}");
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, TaskCompletionSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.TrySetResult();
    });

    private static void Print(string text) => Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(text));
}
