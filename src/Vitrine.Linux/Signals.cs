using System.Globalization;

namespace Vitrine.Linux;

/// <summary>
/// Names of signals: to numbers and back (signal(7); numbers as on x86-64 and arm64). Real-time signals count from 34 as
/// in glibc, musl and Docker: the C libraries keep 32 and 33 for themselves.
/// </summary>
public static class Signals
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGILL = 4;
    public const int SIGABRT = 6;
    public const int SIGKILL = 9;
    public const int SIGSEGV = 11;
    public const int SIGPIPE = 13;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGTSTP = 20;
    public const int SIGTTIN = 21;
    public const int SIGTTOU = 22;
    public const int SIGWINCH = 28;
    public const int SIGSYS = 31;
    public const int SIGRTMIN = 34;

    /// <summary>The highest signal (_NSIG).</summary>
    public const int SIGRTMAX = 64;

    private const string Prefix = "SIG";
    private const int LastStandard = 31;

    /// <summary>
    /// Reads a signal as Docker's --signal and an image's StopSignal have it: <c>SIGTERM</c>, <c>term</c>, <c>15</c>,
    /// <c>RTMIN</c>, <c>SIGRTMIN+3</c>, <c>RTMAX-1</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
            return signal is >= 1 and <= SIGRTMAX;
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            text = text[Prefix.Length..];
        signal = StandardNumber(text);
        return signal != 0 || TryParseRealTime(text, out signal);
    }

    /// <summary>A signal's name, e.g. <c>SIGTERM</c> or <c>SIGRTMIN+3</c>; the number where it has none.</summary>
    public static string Name(int signal) => signal switch
    {
        >= 1 and <= LastStandard => string.Concat(Prefix, ShortName(signal)),
        SIGRTMIN => "SIGRTMIN",
        > SIGRTMIN and < SIGRTMAX => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{signal - SIGRTMIN}"),
        SIGRTMAX => "SIGRTMAX",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };

    private static int StandardNumber(ReadOnlySpan<char> name)
    {
        for (var signal = 1; signal <= LastStandard; signal++)
        {
            if (name.Equals(ShortName(signal), StringComparison.OrdinalIgnoreCase))
                return signal;
        }

        // The other names that two of the signals have.
        if (name.Equals("IOT", StringComparison.OrdinalIgnoreCase))
            return SIGABRT;
        if (name.Equals("CLD", StringComparison.OrdinalIgnoreCase))
            return SIGCHLD;
        return name.Equals("POLL", StringComparison.OrdinalIgnoreCase) ? 29 : 0;
    }

    private static bool TryParseRealTime(ReadOnlySpan<char> name, out int signal)
    {
        signal = 0;
        if (name.Length < 5)
            return false;
        var offset = 0;
        var rest = name[5..];
        if (rest.Length > 0 && !(rest[0] is '+' or '-' && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out offset)))
            return false;
        if (name.StartsWith("RTMIN", StringComparison.OrdinalIgnoreCase) && (rest.IsEmpty || rest[0] == '+'))
            signal = offset <= SIGRTMAX - SIGRTMIN ? SIGRTMIN + offset : 0;
        else if (name.StartsWith("RTMAX", StringComparison.OrdinalIgnoreCase) && (rest.IsEmpty || rest[0] == '-'))
            signal = offset <= SIGRTMAX - SIGRTMIN ? SIGRTMAX - offset : 0;
        return signal != 0;
    }

    private static string ShortName(int signal) => signal switch
    {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        4 => "ILL",
        5 => "TRAP",
        6 => "ABRT",
        7 => "BUS",
        8 => "FPE",
        9 => "KILL",
        10 => "USR1",
        11 => "SEGV",
        12 => "USR2",
        13 => "PIPE",
        14 => "ALRM",
        15 => "TERM",
        16 => "STKFLT",
        17 => "CHLD",
        18 => "CONT",
        19 => "STOP",
        20 => "TSTP",
        21 => "TTIN",
        22 => "TTOU",
        23 => "URG",
        24 => "XCPU",
        25 => "XFSZ",
        26 => "VTALRM",
        27 => "PROF",
        28 => "WINCH",
        29 => "IO",
        30 => "PWR",
        _ => "SYS",
    };
}
