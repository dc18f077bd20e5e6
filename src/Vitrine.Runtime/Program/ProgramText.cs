namespace Vitrine.Runtime;

internal static class ProgramText
{
    public static void Write(SetupProgram program, TextWriter writer)
    {
        for (var i = 0; i < program.Instructions.Length; i++)
        {
            var ins = program.Instructions[i];
            writer.WriteLine($"{i} {ins.Operation} {ins.Call} {program.Steps[ins.Step]}");
        }
    }

    public static string Name(Operation operation) => operation.ToString();
}
