using Microsoft.Win32.SafeHandles;

namespace Vitrine.Linux.Systemd;

/// <summary>A unit's property: string, bool, ulong, uint[], byte[] or pairs of strings, as org.freedesktop.systemd1(5) has them.</summary>
public sealed record UnitProperty(string Name, object Value);

/// <summary>The service manager of the system or of a user, asked over D-Bus (org.freedesktop.systemd1(5)).</summary>
public sealed class SystemdManager : IDisposable
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = Service + ".Manager";
    private const string Bus = "org.freedesktop.DBus";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly DBusConnection _connection;

    private SystemdManager(DBusConnection connection) => _connection = connection;

    /// <summary>Whether this host is run by systemd (sd_booted(3)).</summary>
    public static bool IsRunning => Directory.Exists("/run/systemd/system");

    /// <summary>Connects to the manager: over its private socket where that is ours to use, else over the bus.</summary>
    /// <param name="user">The user's own manager, not the system's.</param>
    /// <exception cref="IOException">None of its sockets answers.</exception>
    public static SystemdManager Connect(bool user)
    {
        var problems = new List<string>();
        foreach (var (address, isBus) in Addresses(user))
        {
            try
            {
                return Connect(address, isBus, s_patience);
            }
            catch (IOException e)
            {
                problems.Add(e.Message);
            }
        }

        throw new IOException($"cannot reach systemd{(user ? " of this user (is there a session, and XDG_RUNTIME_DIR set?)" : "")}: {string.Join("; ", problems)}");
    }

    /// <summary>Connects to one socket.</summary>
    /// <exception cref="IOException">It does not answer as a manager.</exception>
    internal static SystemdManager Connect(string address, bool isBus, TimeSpan patience)
    {
        SafeFileHandle socket;
        try
        {
            socket = UnixStream.Connect(address);
        }
        catch (LinuxException e)
        {
            throw new IOException(e.Message, e);
        }

        var connection = new DBusConnection(socket, patience);
        try
        {
            connection.Authenticate(OwnUser.Outside);
            if (isBus)
            {
                connection.Call(Bus, "/org/freedesktop/DBus", Bus, "Hello");
                connection.Call(Bus, "/org/freedesktop/DBus", Bus, "AddMatch", "s",
                    body => body.Text($"type='signal',interface='{ManagerInterface}',member='JobRemoved'"));
            }

            connection.Call(Service, ManagerPath, ManagerInterface, "Subscribe");
            return new SystemdManager(connection);
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (e is LinuxException)
                throw new IOException(e.Message, e);
            throw;
        }
    }

    /// <summary>The cgroup below which this manager's units are.</summary>
    /// <exception cref="IOException">No answer.</exception>
    public string ControlGroup()
    {
        var reply = _connection.Call(Service, ManagerPath, Bus + ".Properties", "Get", "ss", body =>
        {
            body.Text(ManagerInterface);
            body.Text("ControlGroup");
        });
        return new DBusReader(reply.Body).Variant() ?? "";
    }

    /// <summary>Starts a transient unit and waits until it runs. A failed one of the same name, which would be in its way, is forgotten.</summary>
    /// <exception cref="DBusException">systemd refused.</exception>
    /// <exception cref="IOException">No answer, or the unit did not start.</exception>
    public void Start(string unit, IReadOnlyList<UnitProperty> properties)
    {
        try
        {
            StartOnce(unit, properties);
        }
        catch (DBusException e) when (e.Name == Service + ".UnitExists")
        {
            Forget(unit);
            StartOnce(unit, properties);
        }
    }

    /// <summary>Changes properties of a unit until it ends.</summary>
    /// <exception cref="DBusException">systemd refused.</exception>
    /// <exception cref="IOException">No answer.</exception>
    public void SetProperties(string unit, IReadOnlyList<UnitProperty> properties) =>
        _connection.Call(Service, ManagerPath, ManagerInterface, "SetUnitProperties", "sba(sv)", body =>
        {
            body.Text(unit);
            body.UInt32(1); // At runtime only: nothing is written to /etc.
            Properties(body, properties);
        });

    /// <summary>Stops a unit, waits for that, and forgets it; one that is not there is fine.</summary>
    /// <exception cref="IOException">No answer.</exception>
    public void Stop(string unit)
    {
        try
        {
            var job = Job(_connection.Call(Service, ManagerPath, ManagerInterface, "StopUnit", "ss", body =>
            {
                body.Text(unit);
                body.Text("replace");
            }));
            _ = Result(job);
        }
        catch (DBusException e) when (e.Name == Service + ".NoSuchUnit")
        {
            // It ended with its last process.
        }

        Forget(unit);
    }

    public void Dispose() => _connection.Dispose();

    private void StartOnce(string unit, IReadOnlyList<UnitProperty> properties)
    {
        var job = Job(_connection.Call(Service, ManagerPath, ManagerInterface, "StartTransientUnit", "ssa(sv)a(sa(sv))", body =>
        {
            body.Text(unit);
            body.Text("replace");
            Properties(body, properties);
            body.Array<UnitProperty>([], 8, _ => { });
        }));
        if (Result(job) is var result and not "done")
            throw new IOException($"systemd could not start {unit}: {result}: try 'systemctl status {unit}'");
    }

    private void Forget(string unit)
    {
        try
        {
            _connection.Call(Service, ManagerPath, ManagerInterface, "ResetFailedUnit", "s", body => body.Text(unit));
        }
        catch (DBusException)
        {
            // It had not failed.
        }
    }

    private static string Job(DBusMessage reply) => new DBusReader(reply.Body).Text();

    /// <summary>JobRemoved(u id, o job, s unit, s result).</summary>
    private string Result(string job)
    {
        var result = "";
        _connection.WaitForSignal("JobRemoved", message =>
        {
            if (message.Signature != "uoss")
                return false;
            var body = new DBusReader(message.Body);
            body.UInt32();
            var path = body.Text();
            body.Text();
            result = body.Text();
            return path == job;
        });
        return result;
    }

    private static void Properties(DBusWriter body, IReadOnlyList<UnitProperty> properties) => body.Array(properties, 8, property =>
    {
        body.Text(property.Name);
        body.Variant(property.Value);
    });

    private static IEnumerable<(string Address, bool IsBus)> Addresses(bool user)
    {
        if (!user)
        {
            yield return ("/run/systemd/private", false);
            yield return ("/run/dbus/system_bus_socket", true);
            yield break;
        }

        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } set ? set : $"/run/user/{OwnUser.Outside}";
        yield return ($"{runtime}/systemd/private", false);
        foreach (var address in (Environment.GetEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS") ?? "").Split(';'))
        {
            if (address.StartsWith("unix:path=", StringComparison.Ordinal))
                yield return (address["unix:path=".Length..].Split(',')[0], true);
            else if (address.StartsWith("unix:abstract=", StringComparison.Ordinal))
                yield return ("@" + address["unix:abstract=".Length..].Split(',')[0], true);
        }

        yield return ($"{runtime}/bus", true);
    }
}
