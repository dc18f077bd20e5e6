using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Integration.Hardening;

/// <summary>
/// CVE-2019-5736: whoever holds a way to the file of a process that was the runtime's waits until nobody executes it, and
/// overwrites it. The same attempt is made on a program that is started plainly, where it succeeds.
/// </summary>
public sealed partial class OwnFileTests
{
    private const int PathOnly = 0x200000;
    private const int WriteOnly = 1;
    private const int ReadOnlyFileSystem = 30;
    private const int Busy = 26;
    private const int MountFlags = 10; // f_flags in struct statfs

    [Fact]
    public void FileOfAProgramStartedPlainly_CanBeOverwritten()
    {
        Need.Root();
        var file = Path.GetTempFileName();
        try
        {
            File.Copy("/bin/sleep", file, overwrite: true);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var process = Process.Start(file, "60");
            using var way = Open($"/proc/{process.Id}/exe", PathOnly);
            process.Kill();
            process.WaitForExit();

            using var opened = Open($"/proc/self/fd/{way.DangerousGetHandle()}", WriteOnly);

            Assert.False(opened.IsInvalid);
            Assert.False(IsReadOnly(way));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void FileOfAContainersFirstProcess_CannotBeOverwrittenWhenItHasEnded()
    {
        using var bundle = new OciBundle();
        var (name, pid) = bundle.Create("true");
        using var way = OpenWay(pid);
        bundle.Oci("delete", "--force", name).ShouldSucceed();
        Eventually.True(() => !Directory.Exists($"/proc/{pid}"), "the first process has ended", 20);

        AssertSealed(way);
    }

    /// <summary>Whoever starts the program itself under the runtime's name has not sealed it: it does so, and starts anew.</summary>
    [Fact]
    public void FileOfAFirstProcess_StartedWithoutTheLauncher_IsSealedAllTheSame()
    {
        using var bundle = new OciBundle();
        var (name, pid) = bundle.CreateBy($"-a vitrine-oci {Repository.Binary("vitrine-shim")}", "true");
        using var way = OpenWay(pid);

        bundle.Oci("delete", "--force", name).ShouldSucceed();

        AssertSealed(way);
    }

    [Fact]
    public void Launcher_ProgramMissingBesideIt_SaysWhatIsMissing()
    {
        var directory = Directory.CreateTempSubdirectory("vitrine-launcher-");
        try
        {
            var alone = Path.Combine(directory.FullName, "runc");
            File.Copy(Repository.Binary("vitrine-oci"), alone);

            Command.Run(alone, "state", "x").ShouldFail(126, $"{directory.FullName}/vitrine-shim cannot be executed");
            Command.Run(alone, "run", "x").ShouldFail(126, "is installed beside it");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The launcher goes by where its file is; a name of the caller's choice changes nothing.</summary>
    [Fact]
    public void Launcher_CalledByAnyName_IsTheRuntime() => Assert.StartsWith(
        "vitrine-oci version", Command.Run("bash", "-c", $"exec -a /tmp/runc {Repository.Binary("vitrine-oci")} --version").ShouldSucceed().Text, StringComparison.Ordinal);

    [Fact]
    public void FileOfAShimAndOfItsInit_CannotBeOverwrittenWhenTheyHaveEnded()
    {
        using var box = new BusyboxSandbox();
        box.Ok("run", "-d", "--init", "--network", "none", "--name", "cc", "busybox", "sleep", "600");
        var init = box.Pid("cc");
        var shim = int.Parse(File.ReadAllText($"/proc/{init}/stat").Split(") ")[^1].Split(' ')[1]);
        using var ways = Open($"/proc/{shim}/exe", PathOnly);
        using var initsWay = Open($"/proc/{init}/exe", PathOnly);
        Assert.False(ways.IsInvalid || initsWay.IsInvalid);
        box.Ok("rm", "-f", "cc");
        Eventually.True(() => !Directory.Exists($"/proc/{shim}"), "the shim has ended", 20);

        AssertSealed(ways);
        AssertSealed(initsWay);
    }

    /// <summary>The way to the runtime's own file that a process of a container offers.</summary>
    private static SafeFileHandle OpenWay(int pid)
    {
        Assert.EndsWith("vitrine-shim", File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)!.FullName, StringComparison.Ordinal);
        var way = Open($"/proc/{pid}/exe", PathOnly);
        Assert.False(way.IsInvalid);
        return way;
    }

    /// <summary>Whether nothing executes the file any more does not matter: the mount it was executed through is read-only.</summary>
    private static void AssertSealed(SafeFileHandle way)
    {
        using var opened = Open($"/proc/self/fd/{way.DangerousGetHandle()}", WriteOnly);
        var error = Marshal.GetLastPInvokeError();

        Assert.True(opened.IsInvalid, "the file could be opened for writing");
        // Busy as long as another test's container runs by it; what counts then is that the way stays closed afterwards.
        Assert.True(error is ReadOnlyFileSystem or Busy, $"error {error}");
        Assert.True(IsReadOnly(way), "the mount it was executed through can be written to");
    }

    private static bool IsReadOnly(SafeFileHandle file)
    {
        var status = new long[32];
        Assert.Equal(0, FileSystemStatus(file, status));
        return (status[MountFlags] & 1) != 0;
    }

    private static SafeFileHandle Open(string path, int flags) => new(OpenFile(path, flags), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FileSystemStatus(SafeFileHandle file, [Out] long[] status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
