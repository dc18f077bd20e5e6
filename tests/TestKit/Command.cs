using System.Diagnostics;
using System.Text;
using Xunit;

namespace Vitrine.TestKit;

/// <summary>A program that was run to its end.</summary>
public sealed record CommandResult(string CommandLine, int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Standard output without the last line end.</summary>
    public string Text => Stdout.TrimEnd('\n');

    public string[] Lines => Text.Length == 0 ? [] : Text.Split('\n');

    /// <summary>Fails the test, with everything the program said, unless it ended with this exit code.</summary>
    public CommandResult ShouldExit(int code)
    {
        Assert.True(ExitCode == code, $"{CommandLine}\nexit code {ExitCode}, expected {code}\nstdout: {Stdout}\nstderr: {Stderr}");
        return this;
    }

    public CommandResult ShouldSucceed() => ShouldExit(0);

    /// <summary>Fails the test unless it ended with this code and one clear line on stderr that holds <paramref name="reason"/>.</summary>
    public CommandResult ShouldFail(int code, string reason)
    {
        ShouldExit(code);
        Assert.Contains(reason, Stderr, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at Vitrine.", Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", Stderr, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>Runs programs for tests; every one has a time limit and is killed by pid when it passes.</summary>
public static class Command
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    public static CommandResult Run(string file, params IEnumerable<string> arguments) => Run(file, arguments, null, null, null);

    public static CommandResult Run(
        string file, IEnumerable<string> arguments, string? stdin, IReadOnlyDictionary<string, string?>? environment, TimeSpan? timeout)
    {
        using var process = Start(file, arguments, environment);
        var line = $"{file} {string.Join(' ', process.StartInfo.ArgumentList)}";
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        try
        {
            if (stdin is not null)
                process.StandardInput.Write(stdin);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program left without reading its input: its exit code tells.
        }

        var limit = timeout ?? DefaultTimeout;
        if (!Task.WhenAll(stdout, stderr).Wait(limit) || !process.WaitForExit(limit))
        {
            process.Kill();
            Assert.Fail($"{line}\nstill running after {limit.TotalSeconds} s");
        }

        process.WaitForExit();
        return new CommandResult(line, process.ExitCode, stdout.Result, stderr.Result);
    }

    /// <summary>Starts a program with all three streams redirected.</summary>
    public static Process Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
    }
}
