using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;
using Xunit;

namespace Vitrine.Tests.Unit.Linux;

public sealed partial class TerminalTests : IDisposable
{
    private readonly SafeFileHandle _master;
    private readonly SafeFileHandle _slave;

    public TerminalTests()
    {
        _master = Fd.Open("/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        Assert.Equal(0, UnlockPt(_master));
        var name = new byte[64];
        Assert.Equal(0, PtsName(_master, name, (nuint)name.Length));
        _slave = Fd.Open(Encoding.ASCII.GetString(name).TrimEnd('\0'), OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
    }

    [Fact]
    public void Size_Set_IsReadAtBothEnds()
    {
        Assert.True(Terminal.IsTerminal(_slave));
        Assert.Null(Terminal.GetSize(_slave));
        Terminal.SetSize(_master, new WindowSize(33, 111));

        Assert.Equal(new WindowSize(33, 111), Terminal.GetSize(_slave));
    }

    [Fact]
    public void NoTerminal_IsSaid()
    {
        using var pipe = Pipe.Create();

        Assert.False(Terminal.IsTerminal(pipe.Reader));
        Assert.Null(Terminal.GetSize(pipe.Reader));
        Assert.Equal(Errno.ENOTTY, Assert.Throws<LinuxException>(() => TerminalMode.EnterRaw(pipe.Reader)).Errno);
        Assert.Throws<LinuxException>(() => Terminal.SetSize(pipe.Reader, new WindowSize(1, 1)));
    }

    [Fact]
    public void EnterRaw_UntilRestored_PassesKeysAsTheyAre()
    {
        var buffer = new byte[16];
        using (var raw = TerminalMode.EnterRaw(_slave))
        {
            Fd.WriteAll(_master, "\u0003x"u8);
            Assert.Equal(2, Fd.Read(_slave, buffer));
            Fd.WriteAll(_slave, "\n"u8);
            Assert.Equal("\n"u8, buffer.AsSpan(0, Fd.Read(_master, buffer)));
            raw.Restore();
        }

        // Cooked again: a newline goes out as two characters.
        Fd.WriteAll(_slave, "\n"u8);
        Assert.Equal("\r\n"u8, buffer.AsSpan(0, Fd.Read(_master, buffer)));
    }

    public void Dispose()
    {
        _master.Dispose();
        _slave.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int UnlockPt(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int PtsName(SafeFileHandle master, byte[] name, nuint length);
}
