using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

public sealed class SetupProgramProperties
{
    private static readonly SetupOptions s_options = new()
    {
        BundlePath = "/bundle",
        RootfsMountPoint = "/run/rootfs",
        Init = true,
        AvailableCapabilities = CapabilitySet.AllNamed.Bits,
        Cgroups = new CgroupLayout([new CgroupHierarchy { Version = 1, MountPoint = "/sys/fs/cgroup/cpu,cpuacct", Controllers = ["cpu", "cpuacct"] }]),
    };

    [Fact]
    public void CompileAndRender_AnyConfiguration_WorksOrSaysWhatIsWrong() => Prop.ForAll(SpecGenerator.Specs, spec =>
    {
        if (TryCompile(spec) is not { } program)
            return;
        using var text = new StringWriter();
        program.Render(text);
        Assert.Equal(program.MappedMounts.Count + 1 + program.Instructions.Length, text.ToString().Split('\n').Length - 1);
    }).Check(Properties.Config(2000));

    [Fact]
    public void Compile_AnyConfiguration_GivesAWellFormedProgram() => Prop.ForAll(SpecGenerator.Specs, spec =>
    {
        if (TryCompile(spec) is not { } program)
            return;
        var written = Enumerable.Range(0, Register.Preset).Concat(program.MappedMounts.Select(mount => mount.Register.Number)).ToHashSet();
        foreach (var instruction in program.Instructions)
        {
            // Registers are read after they were written, data lies in the block, jumps go forward and stay inside.
            foreach (var operand in program.OperandsOf(instruction))
            {
                Assert.True(operand.Kind != OperandKind.Register || written.Contains((int)operand.Value));
                Assert.True(operand.Kind != OperandKind.Data || (operand.Value >= 0 && operand.Value < program.Data.Length));
            }

            if (instruction.Result >= 0)
                written.Add(instruction.Result);
            Assert.InRange(instruction.Result, -1, program.RegisterCount - 1);
            Assert.InRange(instruction.Target, 0, program.Instructions.Length - 1);
            Assert.InRange(instruction.OnError.Target, -1, program.Instructions.Length);
        }

        // It ends in the command or in the loop of its init, never by running out.
        Assert.Contains(program.Instructions, instruction => instruction.Operation == Operation.Execute);
        Assert.Equal(Operation.InitLoop, program.Instructions[^1].Operation);
    }).Check(Properties.Config(1000));

    [Fact]
    public void Compile_SomeConfigurations_AreAccepted()
    {
        // Else the properties above would say nothing.
        var accepted = Gen.Sample(SpecGenerator.Specs.Generator, 1000).Count(spec => TryCompile(spec) is not null);

        Assert.True(accepted > 30, $"only {accepted} of 1000");
    }

    private static SetupProgram? TryCompile(Spec spec)
    {
        try
        {
            return SetupCompiler.Compile(spec, s_options);
        }
        catch (VitrineException e)
        {
            Assert.NotEmpty(e.Message);
            return null;
        }
    }
}
