namespace Vitrine.Runtime;

/// <summary>Where the kernel keeps this process's command line and environment, for an init that must not show them.</summary>
internal static class CommandLine
{
    // Fields of /proc/self/stat (proc_pid_stat(5)), counted after the command name.
    private const int ArgumentStart = 48 - 3;
    private const int EnvironmentEnd = 51 - 3;

    public static void Preset(NativeProgram native)
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].TrimEnd('\n').Split(' ');
        if (fields.Length <= EnvironmentEnd)
            return;
        native.Preset(Register.TitleStart, long.Parse(fields[ArgumentStart]));
        native.Preset(Register.TitleEnd, long.Parse(fields[EnvironmentEnd]));
    }
}
