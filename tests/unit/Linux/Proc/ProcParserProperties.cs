using FsCheck;
using FsCheck.Fluent;
using Vitrine.Linux.Proc;
using Xunit;

namespace Vitrine.Tests.Unit.Linux.Proc;

/// <summary>Bytes of /proc are chosen by whoever names a process, a mount or a cgroup: no parser may fail on any.</summary>
public sealed class ProcParserProperties
{
    /// <summary>Arbitrary bytes, with the separators of the formats far more often than chance would have them.</summary>
    private static readonly Arbitrary<byte[]> Hostile = Gen.OneOf(
            ArbMap.Default.GeneratorFor<byte>(),
            Gen.Elements(" \t\n\0:()-\\/,=[]0123456789"u8.ToArray()))
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void EveryParser_ArbitraryBytes_DoesNotThrow() => Prop.ForAll(Hostile, bytes =>
    {
        _ = ProcStat.Parse(bytes);
        _ = ProcStatus.Parse(bytes);
        _ = CgroupMembership.Parse(bytes);
        _ = MountEntry.Parse(bytes);
        _ = IdRange.Parse(bytes);
        _ = ProcLimit.Parse(bytes);
        _ = Utf8Text.SplitNul(bytes);
        _ = Utf8Text.DecodeOctal(bytes);
    }).Check(Properties.Config(2000));

    [Fact]
    public void EveryLineParser_GarbageBeforeAGoodLine_StillReadsTheGoodLine() => Prop.ForAll(Hostile, bytes =>
    {
        byte[] After(ReadOnlySpan<byte> line) => [.. bytes, (byte)'\n', .. line];
        return CgroupMembership.Parse(After("4:memory:/a\n"u8))[^1].Path == "/a"
            && MountEntry.Parse(After("1 0 0:9 / /x rw - tmpfs t rw\n"u8))[^1].MountPoint == "/x"
            && IdRange.Parse(After("0 1 2\n"u8))[^1] == new IdRange(0, 1, 2)
            && ProcStatus.Parse(After("Pid:\t5\n"u8))!.Pid == 5;
    }).Check(Properties.Config(1000));

    [Fact]
    public void StatName_AnyBytes_ComesBack() => Prop.ForAll(Hostile, bytes =>
    {
        byte[] line = [.. "7 ("u8, .. bytes, .. ") S 1 1 1 0 1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0 0\n"u8];
        var stat = ProcStat.Parse(line)!;
        return stat.Command == System.Text.Encoding.UTF8.GetString(bytes) && stat.StartTime == 77;
    }).Check(Properties.Config(1000));

    [Fact]
    public void OctalEscapes_OfAnyAsciiText_AreUndone() => Prop.ForAll<NonNull<string>>(text =>
    {
        var plain = new string(text.Get.Where(char.IsAscii).ToArray());
        // The kernel escapes blank, tab, newline, backslash and '#' (fs/proc_namespace.c, mangle()).
        var mangled = string.Concat(plain.Select(c => " \t\n\\#".Contains(c) ? $"\\{Convert.ToString(c, 8).PadLeft(3, '0')}" : $"{c}"));
        return Utf8Text.DecodeOctal(System.Text.Encoding.ASCII.GetBytes(mangled)) == plain;
    }).QuickCheckThrowOnFailure();
}
