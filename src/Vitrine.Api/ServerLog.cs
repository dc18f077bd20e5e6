using System.Globalization;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Api;

/// <summary>What the server says of itself, a line each on standard error, where systemd's journal takes it.</summary>
internal sealed class ServerLog(bool debug)
{
    public void Info(string message) => Write("info", message);

    public void Error(string message) => Write("error", message);

    public void Debug(string message)
    {
        if (debug)
            Write("debug", message);
    }

    private static void Write(string level, string message)
    {
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = Encoding.UTF8.GetBytes($"{time} {level} {message.ReplaceLineEndings(" ")}\n");
        try
        {
            Fd.WriteAll(Fd.StandardError, line);
        }
        catch (LinuxException)
        {
            // Nobody listens; there is no other place to say it.
        }
    }
}
