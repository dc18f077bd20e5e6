using System.Net.Sockets;

namespace Vitrine.Glass.Spy;

/// <summary>The socket that clients connect to. It goes away with the program; one that a killed program left is taken over.</summary>
internal sealed class SpySocket : IDisposable
{
    private readonly string? _directory;

    private SpySocket(string path, string? directory, Socket listener) => (Path, _directory, Listener) = (path, directory, listener);

    public string Path { get; }

    public Socket Listener { get; }

    /// <summary>Makes it, readable by nobody else before it has its permissions.</summary>
    /// <param name="path">Where; in a new private directory where nothing is given.</param>
    /// <param name="mode">Octal permissions; 0600 where nothing is given.</param>
    /// <exception cref="VitrineException">Something else is there, somebody listens there, or it cannot be made.</exception>
    public static SpySocket Make(string? path, string? mode)
    {
        var permissions = Permissions(mode);
        var directory = string.IsNullOrEmpty(path) ? Directory.CreateTempSubdirectory("vitrine-spy-").FullName : null;
        path = directory is null ? System.IO.Path.GetFullPath(path!) : System.IO.Path.Join(directory, "docker.sock");
        try
        {
            return new SpySocket(path, directory, Listen(path, permissions));
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
            throw new VitrineException(ErrorKind.Invalid, $"{path}: the socket cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Bound under another name: it takes its own when it has its permissions and listens.</summary>
    private static Socket Listen(string path, UnixFileMode permissions)
    {
        if (File.Exists(path))
            ThrowUnlessStale(path);
        var temporary = $"{path}.{Environment.ProcessId}";
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(temporary);
            socket.Bind(new UnixDomainSocketEndPoint(temporary));
            File.SetUnixFileMode(temporary, permissions);
            socket.Listen();
            File.Move(temporary, path, overwrite: true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    public void Dispose()
    {
        Listener.Dispose();
        File.Delete(Path);
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
    }

    private static UnixFileMode Permissions(string? mode)
    {
        if (string.IsNullOrEmpty(mode))
            return UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (mode.Length > 4 || mode.AsSpan().ContainsAnyExceptInRange('0', '7') || Convert.ToInt32(mode, 8) > 0x1ff)
            throw new VitrineException(ErrorKind.Invalid, $"--mode {mode}: give octal permissions, such as 0660");
        return (UnixFileMode)Convert.ToInt32(mode, 8);
    }

    /// <summary>Nobody listens on a socket that a killed program left.</summary>
    private static void ThrowUnlessStale(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            return;
        }
        catch (SocketException)
        {
            throw new IOException("something else is there");
        }
        throw new IOException("somebody listens there already");
    }
}
