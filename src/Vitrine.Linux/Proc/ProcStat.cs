namespace Vitrine.Linux.Proc;

/// <summary>/proc/PID/stat (proc_pid_stat(5)): what the scheduler knows of a process.</summary>
public sealed record ProcStat
{
    public int Pid { get; init; }

    /// <summary>The thread name, at most 15 bytes, which may hold spaces and parentheses.</summary>
    public string Command { get; init; } = "";

    /// <summary>R running, S sleeping, D in the disk, Z zombie, T stopped, t traced, X dead, I idle kernel thread.</summary>
    public char State { get; init; }

    public int ParentPid { get; init; }
    public int ProcessGroup { get; init; }
    public int Session { get; init; }

    /// <summary>Device number of the controlling terminal; 0 where there is none.</summary>
    public int Terminal { get; init; }

    /// <summary>CPU time in user mode, in clock ticks (1/100 s).</summary>
    public ulong UserTime { get; init; }

    /// <summary>CPU time in the kernel, in clock ticks (1/100 s).</summary>
    public ulong SystemTime { get; init; }

    public int Threads { get; init; }

    /// <summary>When it started, in clock ticks since boot. A pid is only trusted together with it.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Virtual memory in bytes.</summary>
    public ulong VirtualSize { get; init; }

    /// <summary>Resident memory in pages.</summary>
    public long ResidentPages { get; init; }

    /// <summary>Whether it has ended and only its exit code remains.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>Reads the one line of the file; null where it is none.</summary>
    public static ProcStat? Parse(ReadOnlySpan<byte> text)
    {
        // The name may hold anything, ')' included: it reaches from the first '(' to the last ')'.
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 1 || close < open || !Utf8Text.TryInt32(text[..open].TrimEnd((byte)' '), out var pid))
            return null;
        var fields = new Fields(text[(close + 1)..].TrimEnd((byte)'\n'));
        var stat = new ProcStat
        {
            Pid = pid,
            Command = Utf8Text.Decode(text[(open + 1)..close]),
            State = fields.State(),
            ParentPid = (int)fields.Signed(4),
            ProcessGroup = (int)fields.Signed(5),
            Session = (int)fields.Signed(6),
            Terminal = (int)fields.Signed(7),
            UserTime = fields.Unsigned(14),
            SystemTime = fields.Unsigned(15),
            Threads = (int)fields.Signed(20),
            StartTime = fields.Unsigned(22),
            VirtualSize = fields.Unsigned(23),
            ResidentPages = fields.Signed(24),
        };
        return fields.Failed ? null : stat;
    }

    /// <summary>The fields behind the name, asked for in ascending order by the manual's numbers (the state is number 3).</summary>
    private ref struct Fields(ReadOnlySpan<byte> text)
    {
        private Utf8Words words = new(text);
        private int next = 3;

        public bool Failed { get; private set; }

        public char State()
        {
            var word = Skip(3);
            Failed |= word.Length != 1;
            return Failed ? '?' : (char)word[0];
        }

        public long Signed(int number)
        {
            Failed |= !Utf8Text.TryInt64(Skip(number), out var value);
            return value;
        }

        public ulong Unsigned(int number)
        {
            Failed |= !Utf8Text.TryUInt64(Skip(number), out var value);
            return value;
        }

        private ReadOnlySpan<byte> Skip(int number)
        {
            ReadOnlySpan<byte> word = default;
            for (; next <= number; next++)
                _ = words.TryNext(out word);
            return word;
        }
    }
}
