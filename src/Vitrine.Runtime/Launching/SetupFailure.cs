using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>Turns an instruction's index and an error number back into words, Docker's where Docker has them.</summary>
internal static class SetupFailure
{
    private const string Prefix = "unable to start container process: ";
    private const int CannotRun = 126;
    private const int NotFound = 127;

    public static SetupException ToException(SetupProgram program, int index, long value)
    {
        var errno = (Errno)(value & ~ControlMessage.LoaderMissing);
        var instruction = program.Instructions[index];
        var step = program.Steps[instruction.Step];
        if (instruction.Operation is Operation.Execute or Operation.FindCommand)
            return new SetupException(Prefix + DescribeCommand(program.Command, value), ExitCode(errno));
        if (step.Kind == StepKind.WorkingDirectory)
        {
            var problem = $"chdir to cwd (\"{step.Object}\") set in config.json failed: {errno.Describe()}";
            return new SetupException(Prefix + problem, ExitCode(errno));
        }

        return new SetupException($"{Prefix}error during container init: {Describe(program, index, value)}");
    }

    /// <summary>For example <c>mount proc on '/proc' (nosuid,nodev): fsmount: EPERM: operation not permitted</c>.</summary>
    public static string Describe(SetupProgram program, int index, long value)
    {
        var instruction = program.Instructions[index];
        var step = program.Steps[instruction.Step];
        var errno = (Errno)value;
        var what = instruction.Operation == Operation.Call ? SyscallName.Of(instruction.Call) : ProgramText.Name(instruction.Operation);
        var text = $"{step}: {what}: {errno.Name()}: {errno.Describe()}";
        return instruction.Operation == Operation.MountPoint && errno is Errno.ENOTDIR or Errno.EISDIR
            ? $"{text}: Are you trying to mount a directory onto a file (or vice-versa)? " +
                "Check if the specified host path exists and is the expected type"
            : text;
    }

    private static string DescribeCommand(string command, long value)
    {
        var errno = (Errno)(value & ~ControlMessage.LoaderMissing);
        if ((value & ControlMessage.LoaderMissing) != 0)
            return $"exec: \"{command}\": the interpreter or loader it needs is missing: {errno.Describe()}";
        if (errno == Errno.ENOENT)
            return command.Contains('/')
                ? $"exec: \"{command}\": stat {command}: {errno.Describe()}"
                : $"exec: \"{command}\": executable file not found in $PATH";
        return $"exec: \"{command}\": {errno.Describe()}";
    }

    private static int ExitCode(Errno errno) => errno == Errno.ENOENT ? NotFound : CannotRun;
}
