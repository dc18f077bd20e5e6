using System.Collections;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime.Reading;
using Vitrine.Runtime;
using Vitrine.Runtime.Namespaces;
using Vitrine.ShimProtocol.Codec;

namespace Vitrine.Shim.Namespaces;

/// <summary>
/// <c>vitrine-ns [--explain] REQUEST [COMMAND [ARG...]]</c>: a command in namespaces, for vitrine ns run, ns enter and debug. This process waits
/// beside the command: a .NET process has more than one thread, so the kernel lets it neither make nor join a user namespace itself.
/// </summary>
internal static class NamespaceEntry
{
    private const int Failure = 1;
    private const int NotSetUp = 125;
    private const string DefaultShell = "/bin/sh";
    private const string ExplainFlag = "--explain";

    public static int Run(string[] arguments)
    {
        try
        {
            var explains = arguments is [ExplainFlag, ..];
            if (explains)
                arguments = arguments[1..];
            if (arguments is not [var text, .. var command])
                throw new VitrineException(ErrorKind.Invalid, "it is started by vitrine ns");
            return Run(NamespaceRequestCodec.Read(Encoding.UTF8.GetBytes(text)), command, explains);
        }
        catch (SetupException e)
        {
            return Complain(e.Reason, e.ExitCode == NotSetUp ? Failure : e.ExitCode);
        }
        catch (Exception e) when (e is VitrineException or IOException or UnauthorizedAccessException or JsonException)
        {
            return Complain(e.Message, Failure);
        }
    }

    private static int Run(NamespaceRequest request, string[] command, bool explains)
    {
        // What becomes a part of a container must not bring a way to our own file.
        if (request.Enters && !explains)
            SealedProgram.Enter(Environment.GetCommandLineArgs());
        using var target = Open(request);
        var program = Compile(request, target is null ? null : new ExecTarget(request.Target, target), Command(request, command));
        if (explains)
            return Explain(program);
        using var session = new CommandSession();
        var events = new LaunchEvents
        {
            Hooks = process => KeptNamespaces.Bind(request, process.Pid),
            Identified = pid => JoinCgroups(request, pid),
        };
        using var launched = Launcher.Launch(program, new StandardIo(Fd.StandardInput, Fd.StandardOutput, Fd.StandardError), null, events);
        foreach (var warning in program.Warnings)
            Complain(warning, 0);
        return session.Wait(launched);
    }

    private static SetupProgram Compile(NamespaceRequest request, ExecTarget? target, NamespaceCommand command)
    {
        if (request.Tools is not { } tools)
            return NamespaceCompiler.Compile(request, target, command);
        var filter = tools.Confinement?.SpecPath is { } path ? SpecReader.Read(File.ReadAllBytes(path)).Linux?.Seccomp : null;
        return DebugCompiler.Compile(request, target!, command, filter);
    }

    private static void JoinCgroups(NamespaceRequest request, int pid)
    {
        if (request.Tools is { JoinsCgroups: true })
            TargetCgroups.Join(request.Target, pid);
    }

    /// <summary>A pidfd of the target: what was found by name is joined, and nothing that took its number meanwhile.</summary>
    private static SafeFileHandle? Open(NamespaceRequest request)
    {
        if (request.Target == 0)
            return null;
        try
        {
            var target = PidFd.Open(request.Target);
            if (request.TargetStart == 0 || ProcFs.Host.StartTime(request.Target) == request.TargetStart)
                return target;
            target.Dispose();
        }
        catch (LinuxException e) when (e.Errno == Errno.ESRCH)
        {
            // Told below.
        }

        throw new VitrineException(ErrorKind.NotFound, $"process {request.Target} is gone");
    }

    /// <summary>What is to be executed; the user's shell, as at a login, where nothing is named.</summary>
    private static NamespaceCommand Command(NamespaceRequest request, string[] command)
    {
        var environment = request.Environment ?? OwnEnvironment();
        if (command.Length > 0)
            return new NamespaceCommand([command[0]], command, environment, ThisProcess.IgnoredSignals());
        var shell = Environment.GetEnvironmentVariable("SHELL") is { Length: > 0 } own ? own : DefaultShell;
        return new NamespaceCommand([shell, DefaultShell], ["-" + Path.GetFileName(shell)], environment, ThisProcess.IgnoredSignals());
    }

    private static List<string> OwnEnvironment()
    {
        var environment = new List<string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            environment.Add($"{entry.Key}={entry.Value}");
        return environment;
    }

    private static int Explain(SetupProgram program)
    {
        var text = new StringWriter();
        program.Render(text);
        Fd.WriteAll(Fd.StandardOutput, Encoding.UTF8.GetBytes(text.ToString()));
        return 0;
    }

    private static int Complain(string message, int code)
    {
        Fd.WriteAll(Fd.StandardError, Encoding.UTF8.GetBytes($"vitrine: {VisibleText.OfLines(message)}\n"));
        return code;
    }
}
