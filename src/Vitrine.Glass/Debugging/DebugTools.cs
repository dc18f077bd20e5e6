using Vitrine.Linux;
using Vitrine.Linux.Proc;

namespace Vitrine.Glass.Debugging;

/// <summary>What a debugging process brings along.</summary>
internal static class DebugTools
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const string PlainShell = "/bin/sh";
    private const string ComfortableShell = "/bin/bash";

    // Programs, their libraries and their settings. Not the host's data: /home, /root, /var, /srv stay outside.
    private static readonly string[] s_directories = ["bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "opt", "nix", "gnu"];

    // What a terminal and its programs go by.
    private static readonly string[] s_kept = ["TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "NO_COLOR"];

    /// <summary>The directories of a host that tools are in; those that are links stay links.</summary>
    public static ToolsRoot OfHost(string root)
    {
        var directories = new List<string>();
        var links = new Dictionary<string, string>();
        foreach (var name in s_directories)
        {
            var path = Path.Join(root, name);
            if (new DirectoryInfo(path).LinkTarget is { } target)
                links[name] = target;
            else if (Directory.Exists(path))
                directories.Add(path);
        }

        return new ToolsRoot { Directories = directories, Links = links };
    }

    /// <summary>The kinds of namespaces that a process does not share with this one.</summary>
    /// <exception cref="VitrineException">Unavailable: it is another user's.</exception>
    public static List<NamespaceKind> Others(ProcFs proc, int pid)
    {
        try
        {
            return [.. proc.Namespaces(pid).Where(id => proc.Namespace(System.Environment.ProcessId, id.Kind) != id).Select(id => id.Kind)];
        }
        catch (LinuxException e) when (e.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"process {pid} is another user's: run as root", e);
        }
    }

    /// <summary>A shell that the tools have.</summary>
    public static string Shell(ToolsRoot tools)
    {
        if (tools.Layers.Count == 0)
            return File.Exists(ComfortableShell) ? ComfortableShell : PlainShell;
        return tools.Layers.Any(layer => File.Exists($"{layer}/usr/bin/bash") || File.Exists($"{layer}/bin/bash")) ? ComfortableShell : PlainShell;
    }

    /// <summary>The caller's terminal, the tools' places, and what the command line adds.</summary>
    /// <exception cref="VitrineException">An entry has no value.</exception>
    public static IReadOnlyList<string> Environment(IReadOnlyList<string> added, string? container)
    {
        List<string> environment = [DefaultPath, "HOME=/root", $"CONTAINER_ROOT={ToolsRoot.ContainerDirectory}"];
        if (container is not null)
            environment.Add($"CONTAINER={container}");
        foreach (var name in s_kept)
        {
            if (System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                environment.Add($"{name}={value}");
        }

        foreach (var entry in added)
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) < 1)
                throw new VitrineException(ErrorKind.Invalid, $"--env {entry}: not NAME=value");
            environment.RemoveAll(known => known.StartsWith(entry[..(entry.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal));
            environment.Add(entry);
        }

        return environment;
    }
}
