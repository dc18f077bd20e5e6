namespace Vitrine.Oci.Runtime.Reading;

public static partial class SpecReader
{
    /// <summary>Reads a process object, with the cursor at it.</summary>
    public static ProcessSpec ReadProcess(ref JsonCursor json)
    {
        var value = new ProcessSpec();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "terminal": value = value with { Terminal = json.Flag() }; break;
                case "consoleSize": value = value with { ConsoleSize = ReadConsoleSize(ref json) }; break;
                case "user": value = value with { User = ReadUser(ref json) }; break;
                case "args": value = value with { Args = json.Texts() }; break;
                case "commandLine": value = value with { CommandLine = json.Text() }; break;
                case "env": value = value with { Env = json.Texts() }; break;
                case "cwd": value = value with { Cwd = json.Text() }; break;
                case "capabilities": value = value with { Capabilities = ReadCapabilities(ref json) }; break;
                case "rlimits": value = value with { Rlimits = json.List(ReadRlimit) }; break;
                case "noNewPrivileges": value = value with { NoNewPrivileges = json.Flag() }; break;
                case "apparmorProfile": value = value with { ApparmorProfile = json.Text() }; break;
                case "selinuxLabel": value = value with { SelinuxLabel = json.Text() }; break;
                case "oomScoreAdj": value = value with { OomScoreAdj = json.Int() }; break;
                case "scheduler": value = value with { Scheduler = ReadScheduler(ref json) }; break;
                case "ioPriority": value = value with { IoPriority = ReadIoPriority(ref json) }; break;
                case "execCPUAffinity": value = value with { ExecCpuAffinity = ReadExecCpuAffinity(ref json) }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static ConsoleSize ReadConsoleSize(ref JsonCursor json)
    {
        var value = new ConsoleSize();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "height": value = value with { Height = json.UShort() }; break;
                case "width": value = value with { Width = json.UShort() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static User ReadUser(ref JsonCursor json)
    {
        var value = new User();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "uid": value = value with { Uid = json.UInt() }; break;
                case "gid": value = value with { Gid = json.UInt() }; break;
                case "umask": value = value with { Umask = json.UInt() }; break;
                case "additionalGids": value = value with { AdditionalGids = json.UInts() }; break;
                case "username": value = value with { Username = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static Capabilities ReadCapabilities(ref JsonCursor json)
    {
        var value = new Capabilities();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "bounding": value = value with { Bounding = json.Texts() }; break;
                case "effective": value = value with { Effective = json.Texts() }; break;
                case "inheritable": value = value with { Inheritable = json.Texts() }; break;
                case "permitted": value = value with { Permitted = json.Texts() }; break;
                case "ambient": value = value with { Ambient = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static Rlimit ReadRlimit(ref JsonCursor json)
    {
        string? type = null;
        var value = new Rlimit { Type = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "type": type = json.Text(); break;
                case "soft": value = value with { Soft = json.ULong() }; break;
                case "hard": value = value with { Hard = json.ULong() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Type = json.Required(type, "rlimits.type") };
    }

    private static Scheduler ReadScheduler(ref JsonCursor json)
    {
        string? policy = null;
        var value = new Scheduler { Policy = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "policy": policy = json.Text(); break;
                case "nice": value = value with { Nice = json.Int() }; break;
                case "priority": value = value with { Priority = json.Int() }; break;
                case "flags": value = value with { Flags = json.Texts() }; break;
                case "runtime": value = value with { Runtime = json.ULong() }; break;
                case "deadline": value = value with { Deadline = json.ULong() }; break;
                case "period": value = value with { Period = json.ULong() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Policy = json.Required(policy, "scheduler.policy") };
    }

    private static IoPriority ReadIoPriority(ref JsonCursor json)
    {
        string? name = null;
        var value = new IoPriority { Class = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "class": name = json.Text(); break;
                case "priority": value = value with { Priority = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Class = json.Required(name, "ioPriority.class") };
    }

    private static ExecCpuAffinity ReadExecCpuAffinity(ref JsonCursor json)
    {
        var value = new ExecCpuAffinity();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "initial": value = value with { Initial = json.Text() }; break;
                case "final": value = value with { Final = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }
}
