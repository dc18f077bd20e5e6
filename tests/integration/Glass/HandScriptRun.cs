using System.Diagnostics;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Glass;

/// <summary>A script of explain --script that runs; disposing ends it and requires that it has taken everything away.</summary>
internal sealed class HandScriptRun : IDisposable
{
    private const string Announcement = "by hand: process ";

    private readonly Process _shell;
    private readonly string _scratch;
    private readonly List<string> _said = [];

    /// <param name="directory">Where it is written, and what it makes.</param>
    /// <param name="script">Its text.</param>
    /// <param name="environment">Secrets.</param>
    /// <param name="through">A command that runs it elsewhere, without a process between.</param>
    public HandScriptRun(string directory, string script, IReadOnlyDictionary<string, string?>? environment = null, IReadOnlyList<string>? through = null)
    {
        _scratch = Directory.CreateDirectory(Path.Combine(directory, Guid.NewGuid().ToString("N"))).FullName;
        var file = _scratch + ".sh";
        File.SetUnixFileMode(_scratch, (UnixFileMode)0x1ED);
        File.WriteAllText(file, script);
        var variables = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["TMPDIR"] = _scratch };
        string[] line = [.. through ?? [], "sh", file];
        _shell = Command.Start(line[0], line[1..], variables);
        _shell.StandardInput.Close();
        Pid = Announced();
    }

    /// <summary>Host pid of the first process that it made.</summary>
    public int Pid { get; }

    public void Dispose()
    {
        if (!_shell.HasExited)
            Command.Run("kill", "-TERM", $"{_shell.Id}");
        Assert.True(_shell.WaitForExit(TimeSpan.FromSeconds(60)), "the script ends when it is told to");
        Assert.Empty(Directory.GetFileSystemEntries(_scratch));
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup").SelectMany(hierarchy => Directory.GetDirectories(hierarchy, $"by-hand-{_shell.Id}", SearchOption.AllDirectories)));
        _shell.Dispose();
    }

    private int Announced()
    {
        while (_shell.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                return int.Parse(line[Announcement.Length..].Split(' ')[0]);
            _said.Add(line);
        }

        throw new InvalidOperationException($"the script said {string.Join('\n', _said)}");
    }
}
