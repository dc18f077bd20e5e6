using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Shim.Lifecycle;
using Vitrine.ShimProtocol;

namespace Vitrine.Shim;

/// <summary>The command line of vitrine-shim.</summary>
internal static class Entry
{
    private const int UsageError = 2;
    private const int Failure = 1;

    public static int Run(string[] arguments) => arguments switch
    {
        ["--explain", var plan] => Explain(plan),
        [var plan] when !plan.StartsWith('-') => Supervise(plan),
        _ => Complain("usage: vitrine-shim PLAN.JSON (with the boot connection as fd 3) | vitrine-shim --explain PLAN.JSON", UsageError),
    };

    private static int Supervise(string plan)
    {
        // A thread of the runtime that does not block a signal can take it before the signalfd does. Only exec starts anew.
        if (!SignalFd.BlockInThread(ShimClient.ShimSignals))
            ThisProcess.ExecuteAgain(["vitrine-shim", plan]);
        var boot = SeqpacketSocket.TryAdopt(new SafeFileHandle(ShimClient.BootDescriptor, ownsHandle: true));
        if (boot is null)
            return Complain("vitrine-shim: fd 3 is not a boot connection; it is started by vitrine", UsageError);
        using var shim = new Shim(boot);
        return shim.Run(plan);
    }

    /// <summary>Prints the setup program of a plan without running it.</summary>
    private static int Explain(string path)
    {
        try
        {
            var text = new StringWriter();
            Bundle.Load(Bundle.LoadPlan(path), network: null).Program.Render(text);
            Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(text.ToString()));
            return 0;
        }
        catch (Exception e) when (e is VitrineException or IOException)
        {
            return Complain($"vitrine-shim: {e.Message}", Failure);
        }
    }

    private static int Complain(string message, int code)
    {
        Fd.WriteAll(Fd.StandardError, Encoding.UTF8.GetBytes(message + "\n"));
        return code;
    }
}
