using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Cgroups;

public sealed class DeviceFilterTests
{
    private static readonly Gen<DevicePermission> s_rules =
        from allow in ArbMap.Default.GeneratorFor<bool>()
        from kind in Gen.Elements(DeviceKind.Any, DeviceKind.Block, DeviceKind.Character)
        from major in Gen.Elements<uint?>(null, 1, 8)
        from minor in Gen.Elements<uint?>(null, 0, 3)
        from access in Gen.Choose(1, 7)
        select new DevicePermission(allow, kind, major, minor, (DeviceAccess)access);

    [Fact]
    public void Compile_AnyRules_AnswersAsTheLastRuleThatFits() => Prop.ForAll(s_rules.ListOf(4).ToArbitrary(), rules =>
    {
        var program = DeviceFilter.Compile([.. rules]);
        foreach (var kind in new[] { DeviceKind.Block, DeviceKind.Character })
            foreach (var major in new uint[] { 1, 8, 9 })
                foreach (var minor in new uint[] { 0, 3, 4 })
                    for (var access = 1; access <= 7; access++)
                        Assert.Equal(Expected(rules, kind, major, minor, (DeviceAccess)access), Run(program, kind, major, minor, access));
    }).Check(Properties.Config(300));

    /// <summary>The kernel's verifier refuses a program with dead code.</summary>
    [Fact]
    public void Compile_AnyRules_HasNoUnreachableInstruction() => Prop.ForAll(s_rules.ListOf(4).ToArbitrary(), rules =>
    {
        var program = DeviceFilter.Compile([.. rules]);
        var reached = new HashSet<int>();
        var open = new Stack<int>([0]);
        while (open.TryPop(out var pc))
        {
            if (!reached.Add(pc))
                continue;
            var instruction = BinaryPrimitives.ReadUInt64LittleEndian(program.AsSpan(pc * 8));
            if ((byte)instruction is 0x15 or 0x55)
                open.Push(pc + 1 + (short)(instruction >> 16));
            if ((byte)instruction != 0x95)
                open.Push(pc + 1);
        }

        Assert.Equal(program.Length / 8, reached.Count);
    }).Check(Properties.Config(300));

    [Theory]
    [InlineData(true, DeviceKind.Character, 1u, 3u, DeviceAccess.All, "c 1:3 rwm")]
    [InlineData(false, DeviceKind.Block, null, 0u, DeviceAccess.Read, "b *:0 r")]
    [InlineData(true, DeviceKind.Any, null, null, DeviceAccess.All, "a")]
    public void ToString_Rule_IsV1Syntax(bool allow, DeviceKind kind, uint? major, uint? minor, DeviceAccess access, string text) =>
        Assert.Equal(text, new DevicePermission(allow, kind, major, minor, access).ToString());

    private static bool Expected(IEnumerable<DevicePermission> rules, DeviceKind kind, uint major, uint minor, DeviceAccess access)
    {
        foreach (var rule in rules.Reverse())
        {
            var device = (rule.Kind == DeviceKind.Any || rule.Kind == kind) && (rule.Major ?? major) == major && (rule.Minor ?? minor) == minor;
            var asks = rule.Allow ? (access & ~rule.Access) == 0 : (access & rule.Access) != 0;
            if (device && asks)
                return rule.Allow;
        }

        return false;
    }

    /// <summary>A reference interpreter of the instructions that the compiler uses (Documentation/bpf/standardization/instruction-set.rst).</summary>
    private static bool Run(byte[] program, DeviceKind kind, uint major, uint minor, int access)
    {
        uint[] context = [(uint)access << 16 | (uint)kind, major, minor];
        var registers = new ulong[11];
        for (var pc = 0; ; pc++)
        {
            var instruction = BinaryPrimitives.ReadUInt64LittleEndian(program.AsSpan(pc * 8));
            var (code, to, from) = ((byte)instruction, (int)(instruction >> 8 & 0xF), (int)(instruction >> 12 & 0xF));
            var (offset, immediate) = ((short)(instruction >> 16), (ulong)(int)(instruction >> 32));
            switch (code)
            {
                case 0x61: Assert.Equal(1, from); registers[to] = context[offset / 4]; break;
                case 0x57: registers[to] &= immediate; break;
                case 0x77: registers[to] >>= (int)immediate; break;
                case 0xB7: registers[to] = immediate; break;
                case 0xBF: registers[to] = registers[from]; break;
                case 0x15: pc += registers[to] == immediate ? offset : 0; break;
                case 0x55: pc += registers[to] != immediate ? offset : 0; break;
                case 0x95: return registers[0] == 1;
                default: Assert.Fail($"unknown instruction 0x{code:x2}"); break;
            }
        }
    }
}
