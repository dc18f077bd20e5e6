namespace Vitrine.TestKit;

/// <summary>A terminal with a person in front: a tmux server of its own, 80 by 24, that runs one vitrine command after another.</summary>
public sealed class Screen : IDisposable
{
    private readonly string socket = $"vitrine-{Environment.ProcessId}-{Guid.NewGuid():N}"[..24];
    private readonly Dictionary<string, string?> environment;

    public Screen(Sandbox box, string vitrineArguments)
    {
        environment = box.Environment;
        Tmux("new-session", "-d", "-x", "80", "-y", "24", "sh");
        Command(vitrineArguments);
    }

    /// <summary>Types a vitrine command at the host's shell; its exit code is printed after it.</summary>
    public void Command(string vitrineArguments) =>
        Raw($"clear; {Repository.Binary("vitrine")} {vitrineArguments}; echo exit code $?");

    /// <summary>Types a line at whatever runs.</summary>
    public void Type(string line) => Raw(line);

    public void Raw(string line)
    {
        Tmux("send-keys", "-l", line);
        Tmux("send-keys", "Enter");
    }

    public void Keys(string key) => Tmux("send-keys", key);

    public void Resize(int columns, int rows) => Tmux("resize-window", "-x", $"{columns}", "-y", $"{rows}");

    public string Text() => Tmux("capture-pane", "-p").Stdout;

    public string TypeAndRead(string line)
    {
        Raw(line);
        Thread.Sleep(200);
        return Text();
    }

    public void Shows(string text) =>
        Eventually.True(() => Text().Split('\n').Any(line => line.Contains(text, StringComparison.Ordinal) && !line.Contains("echo exit code $?", StringComparison.Ordinal)),
            $"the screen shows '{text}':\n{Text()}");

    public void Dispose() => Tmux("kill-server");

    private CommandResult Tmux(params IEnumerable<string> arguments) =>
        TestKit.Command.Run("tmux", ["-L", socket, "-f", "/dev/null", .. arguments], null, environment, null);
}
