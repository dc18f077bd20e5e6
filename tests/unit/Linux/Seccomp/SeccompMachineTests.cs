using System.Buffers.Binary;
using FsCheck.Fluent;
using Vitrine.Linux.Seccomp;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Seccomp;

/// <summary>The machine that answers for filters, against the tests' own interpreter and libseccomp's programs.</summary>
public sealed class SeccompMachineTests
{
    [Fact]
    public void Run_AnyFilter_AnswersAsTheReferenceInterpreter() =>
        FsCheck.Check.One(Properties.Config(100), Prop.ForAll(Arb.From(FilterGenerator.Any), filter =>
        {
            var program = SeccompCompiler.Compile(filter).Bytes;
            var (machine, reference) = (new SeccompMachine(program), new BpfInterpreter(program));
            Assert.Equal(reference.Length, machine.Length);
            foreach (var question in Interrogation.Questions(filter))
                Assert.Equal(reference.Run(question).Result, machine.Run(new SeccompCall(question.Architecture, question.Number, question.Arguments), out _).Value);
        }));

    [Fact]
    public void Run_ConditionalCall_SaysThatArgumentsCount()
    {
        var filter = new SeccompFilter
        {
            DefaultAction = SeccompAction.Allow, Architectures = [SeccompArchitecture.X64],
            Rules = [new SeccompRule(["socket"], SeccompAction.KillProcess, new ArgumentTest(0, Comparison.Equal, 40)), new SeccompRule(["mount"], SeccompAction.KillThread)],
        };
        var machine = new SeccompMachine(SeccompCompiler.Compile(filter).Bytes);

        Assert.Equal((SeccompAction.KillProcess, true), (machine.Run(Call("socket", 40), out var looks), looks));
        Assert.Equal((SeccompAction.Allow, true), (machine.Run(Call("socket"), out looks), looks));
        Assert.Equal((SeccompAction.KillThread, false), (machine.Run(Call("mount", 40), out looks), looks));
    }

    // Arithmetic that our compiler never writes, but other filters may: A = ((number + 5) * 3 ^ 1) >> 1, with X and memory.
    [Fact]
    public void Run_Arithmetic_IsTheKernels()
    {
        var machine = new SeccompMachine(Program(
            (0x20, 0), (0x04, 5), (0x02, 3), (0x01, 3), (0x2C, 0), (0xA4, 1), (0x74, 1), (0x07, 0), (0x61, 3), (0x87, 0), (0x1C, 0), (0x80, 0), (0x4C, 0), (0x84, 0), (0x16, 0)));

        // X is 8 when A - X is taken: 8 - 8 = 0; then A = 64 | 8 = 72; then -72.
        Assert.Equal(unchecked((uint)-72), machine.Run(new SeccompCall(0, 3, default), out _).Value);
        Assert.Equal(0u, new SeccompMachine(Program((0x01, 0), (0x00, 7), (0x3C, 0), (0x06, 9))).Run(default, out _).Value);
    }

    [Theory]
    [InlineData(0x20, 64)]
    [InlineData(0x20, 2)]
    [InlineData(0x60, 16)]
    [InlineData(0x05, 1)]
    [InlineData(0x34, 0)]
    [InlineData(0x64, 32)]
    [InlineData(0x28, 0)]
    [InlineData(0xFF, 0)]
    public void Program_ThatTheKernelRefuses_IsRefused(ushort code, uint k) =>
        Assert.Throws<SeccompException>(() => new SeccompMachine(Program((code, k), (0x06, 0))));

    [Fact]
    public void Program_WithoutAnEnd_IsRefused()
    {
        Assert.Throws<SeccompException>(() => new SeccompMachine([]));
        Assert.Throws<SeccompException>(() => new SeccompMachine(new byte[7]));
        Assert.Throws<SeccompException>(() => new SeccompMachine(Program((0x00, 0))));
    }

    private static SeccompCall Call(string name, params ulong[] arguments)
    {
        Assert.True(SyscallTable.TryGetNumber(SeccompArchitecture.X64, SyscallTable.Find(name), out var number));
        return new SeccompCall(SeccompArchitecture.X64.AuditValue(), number, arguments);
    }

    private static byte[] Program(params (ushort Code, uint K)[] instructions)
    {
        var bytes = new byte[instructions.Length * 8];
        for (var i = 0; i < instructions.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * 8), instructions[i].Code);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 8 + 4), instructions[i].K);
        }

        return bytes;
    }
}
