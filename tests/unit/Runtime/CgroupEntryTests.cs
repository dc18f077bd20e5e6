using Vitrine.Linux;
using Vitrine.Oci.Runtime;
using Vitrine.Runtime;
using Xunit;

namespace Vitrine.Tests.Unit.Runtime;

/// <summary>On plain directories in place of cgroupfs.</summary>
public sealed class CgroupEntryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Refused_ByTheSecondHierarchy_NamesItsFile()
    {
        using var entry = Open("cpu", "cpuset", "pids")!;

        var error = entry.Refused(new ControlMessage { Value = (long)Errno.ENOSPC | 1L << ControlMessage.DetailShift });

        Assert.Equal(Errno.ENOSPC, error.Errno);
        Assert.Contains($"{_root}/cpuset/box/tasks", error.Message, StringComparison.Ordinal);
    }

    /// <summary>More than a program has room for: the parent joins.</summary>
    [Fact]
    public void Open_MoreHierarchiesThanThereIsRoomFor_IsNoEntry() =>
        Assert.Null(Open([.. Enumerable.Range(0, NativeContext.MaximumCgroupFiles + 1).Select(number => $"c{number}")]));

    private CgroupEntry? Open(params string[] controllers)
    {
        foreach (var controller in controllers)
        {
            Directory.CreateDirectory($"{_root}/{controller}/box");
            File.WriteAllText($"{_root}/{controller}/box/tasks", "");
        }

        var layout = new CgroupLayout([.. controllers.Select(controller => new CgroupHierarchy { Version = 1, MountPoint = $"{_root}/{controller}", Controllers = [controller] })]);
        var spec = new Spec { Process = new ProcessSpec { Args = ["true"], Cwd = "/" } };
        var program = SetupCompiler.CompileHook(spec, new Hook { Path = "/bin/true" }, new ExecTarget(77, new(9, ownsHandle: false)));
        return CgroupEntry.Open(ContainerCgroup.Open("/box", layout), program);
    }
}
