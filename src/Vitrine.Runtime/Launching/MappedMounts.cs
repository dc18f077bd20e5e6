using Microsoft.Win32.SafeHandles;
using Vitrine.Linux;

namespace Vitrine.Runtime;

/// <summary>The id-mapped mounts of one launch, from before the clone, which inherits their descriptors, until after it.</summary>
internal sealed class MappedMounts : IDisposable
{
    private readonly List<SafeFileHandle> _mounts = [];

    /// <exception cref="SetupException">The kernel or the filesystem cannot map ids.</exception>
    public MappedMounts(SetupProgram program, NativeProgram native)
    {
        try
        {
            foreach (var (register, mount) in program.MappedMounts)
                native.Preset(register, Make(mount).DangerousGetHandle());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var mount in _mounts)
            mount.Dispose();
    }

    private SafeFileHandle Make(IdMappedMount mount)
    {
        try
        {
            var tree = DetachedMount.Clone(mount.Source, mount.Recursive);
            _mounts.Add(tree);
            using var map = mount.NamespacePath is { } path
                ? Fd.Open(path, OpenFlags.ReadOnly)
                : UserNamespaceOf(mount);
            DetachedMount.Set(tree, MountAttributes.IdMapped, mount.MapsRecursively, map);
            return tree;
        }
        catch (LinuxException e)
        {
            throw new SetupException($"unable to start container process: error during container init: map the ids of {mount.Source}: {e.Message}",
                cause: e);
        }
    }

    /// <summary>A process is made only to have the namespace, and has left when this returns; the descriptor keeps the namespace.</summary>
    private static SafeFileHandle UserNamespaceOf(IdMappedMount mount)
    {
        var b = new ProgramBuilder { CloneFlags = CloneFlags.NewUser, UidMap = mount.UidMap, GidMap = mount.GidMap };
        NamespaceSteps.Begin(b);
        b.Step("wait until the parent has opened the namespace");
        b.Do(Operation.AwaitParent);
        var program = b.Build();
        using var native = new NativeProgram(program);
        using var holder = new NamespaceHolder(native, program);
        return holder.Open("user");
    }
}
