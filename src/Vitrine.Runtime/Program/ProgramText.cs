using System.Globalization;
using System.Text;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>
/// A setup program as text, for <c>--explain</c> and for tests: one line for each instruction with its index, its arguments
/// decoded, what happens on errors that are no failure, and behind the first instruction of each step what the step does.
/// </summary>
internal static class ProgramText
{
    private const int CommentColumn = 100;

    public static void Write(SetupProgram program, TextWriter writer)
    {
        foreach (var (register, mount) in program.MappedMounts)
            writer.WriteLine($"      {ArgumentText.RegisterName(register.Number)} = {mount.ToString().ReplaceLineEndings(" ")}");
        if (program.PidNamespaceOf is { } target)
            writer.WriteLine($"      in the pid namespace of {Fd.Number(target)}:");
        writer.WriteLine($"      clone({FlagText.Of(program.CloneFlags | CloneFlags.PidFd, Names.Clone)})");
        var step = -1;
        for (var i = 0; i < program.Instructions.Length; i++)
        {
            var instruction = program.Instructions[i];
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{i,4}  ");
            Append(line, program, instruction);
            if (instruction.Step != step)
                AppendComment(line, program.Steps[instruction.Step]);
            step = instruction.Step;
            writer.WriteLine(line);
        }
    }

    /// <summary>The words for an operation that is no system call.</summary>
    public static string Name(Operation operation) => operation switch
    {
        Operation.Jump => "go to",
        Operation.AwaitParent => "wait for the parent",
        Operation.EnterCgroup => "wait for the parent, then enter the cgroup",
        Operation.AwaitIdMaps => "wait for the id maps",
        Operation.CheckParent => "leave if the parent has gone",
        Operation.ForkStage => "fork the next stage",
        Operation.ResetSignals => "reset all signals",
        Operation.MountPoint => "mount point",
        Operation.DropBounding => "drop from the bounding set",
        Operation.CheckFilesystem => "verify the filesystem of",
        Operation.CheckNode => "verify the node",
        Operation.CopyTree => "copy everything in",
        Operation.CopyLink => "copy the link",
        Operation.LoadNotifyingFilter => "seccomp, with a listener for the parent",
        Operation.SendTerminal => "send to the parent",
        Operation.ReportReady => "report ready",
        Operation.AwaitHooks => "wait for the parent's hooks",
        Operation.FindCommand => "look for the command",
        Operation.ForkCommand => "fork; the parent goes to",
        Operation.SetTitle => "set the title to",
        Operation.InitLoop => "forward signals and reap until the end of",
        Operation.Execute => "execve",
        _ => "call",
    };

    private static void Append(StringBuilder line, SetupProgram program, in Instruction instruction)
    {
        if (instruction.Result >= 0)
            line.Append(ArgumentText.RegisterName(instruction.Result)).Append(" = ");
        line.Append(instruction.Operation == Operation.Call ? SyscallName.Of(instruction.Call) : Name(instruction.Operation));
        if (instruction.Operation is Operation.Jump or Operation.ForkCommand)
            line.Append(CultureInfo.InvariantCulture, $" {instruction.Target}");
        else if (instruction.Operation == Operation.Call || instruction.OperandCount > 0)
            AppendArguments(line, program, instruction);
        // That a descriptor's close cannot fail the setup goes without saying.
        if (instruction.Call != Syscall.close)
            AppendPolicy(line, instruction.OnError);
    }

    private static void AppendArguments(StringBuilder line, SetupProgram program, in Instruction instruction)
    {
        var kinds = ArgumentKinds.Of(instruction);
        var operands = program.OperandsOf(instruction);
        line.Append('(');
        var separator = "";
        for (var i = 0; i < operands.Length; i++)
        {
            if (ArgumentText.Of(program, i < kinds.Length ? kinds[i] : ArgumentKind.Number, operands[i]) is not { } text)
                continue;
            line.Append(separator).Append(text);
            separator = ", ";
        }

        line.Append(')');
    }

    private static void AppendPolicy(StringBuilder line, ErrorPolicy policy)
    {
        if (policy == ErrorPolicy.Fail)
            return;
        var errors = policy.Any ? "any error" : string.Join(", ", new[] { policy.First, policy.Second, policy.Third }.Where(e => e != Errno.None).Select(e => e.Name()));
        line.Append("  [").Append(errors);
        line.Append(policy.Target >= 0 ? $": go to {policy.Target}" : policy.Warn ? ": warn" : ": go on").Append(']');
    }

    private static void AppendComment(StringBuilder line, Step step) =>
        line.Append(' ', Math.Max(2, CommentColumn - line.Length)).Append("# ").Append(step.ToString().ReplaceLineEndings(" "));
}
