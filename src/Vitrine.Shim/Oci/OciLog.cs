using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Vitrine.Runtime.Containers;

namespace Vitrine.Shim.Oci;

/// <summary>
/// The log in the shape of runc's (logrus), as text or as JSON lines: callers look for the last line of level error in it.
/// </summary>
internal sealed class OciLog : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly bool _json;
    private readonly bool _debug;

    /// <param name="path">The file to append to; stderr where null or empty.</param>
    /// <param name="format">text or json.</param>
    /// <param name="debug">Whether debug lines are written.</param>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public OciLog(string? path, string format, bool debug)
    {
        ToStderr = string.IsNullOrEmpty(path) || path == "/dev/stderr";
        _file = ToStderr ? Fd.StandardError : Fd.Open(path!, OpenFlags.WriteOnly | OpenFlags.Append | OpenFlags.Create, 0x1A4);
        _json = format == "json";
        _debug = debug;
    }

    /// <summary>Whether what is logged is seen on stderr already.</summary>
    public bool ToStderr { get; }

    public void Error(string message) => Write("error", message);

    public void Warn(string message) => Write("warning", message);

    public void Debug(string message)
    {
        if (_debug)
            Write("debug", message);
    }

    public void Dispose()
    {
        if (!ToStderr)
            _file.Dispose();
    }

    private void Write(string level, string message)
    {
        var time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var line = _json
            ? new JsonText().Object().Text("level", level).Text("msg", message).Text("time", time).EndObject().ToString()
            : $"time=\"{time}\" level={level} msg={Quoted(message)}";
        try
        {
            Fd.WriteAll(_file, Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (LinuxException)
        {
            // Nobody listens; the exit code tells.
        }
    }

    private static string Quoted(string message)
    {
        var text = new StringBuilder("\"");
        foreach (var c in message)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        }
        return text.Append('"').ToString();
    }
}
