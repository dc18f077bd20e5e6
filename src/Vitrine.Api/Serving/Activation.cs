using System.Globalization;

namespace Vitrine.Api.Serving;

/// <summary>Sockets that systemd listens on and hands over (sd_listen_fds(3)).</summary>
internal static class Activation
{
    private const int FirstDescriptor = 3;

    /// <summary>The descriptors, if there are any for this process; the variables are taken away so that no child believes them.</summary>
    public static IReadOnlyList<ulong> Take()
    {
        var count = Environment.GetEnvironmentVariable("LISTEN_FDS");
        var pid = Environment.GetEnvironmentVariable("LISTEN_PID");
        Environment.SetEnvironmentVariable("LISTEN_FDS", null);
        Environment.SetEnvironmentVariable("LISTEN_PID", null);
        if (pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return [];
        return [.. Enumerable.Range(FirstDescriptor, Math.Min(number, 64)).Select(descriptor => (ulong)descriptor)];
    }
}
