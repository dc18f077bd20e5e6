using System.Text;
using Vitrine.Linux;

namespace Vitrine.Glass.Labs;

/// <summary>What the scripts of a lesson find: variables and commands.</summary>
internal static class LabEnvironment
{
    /// <summary>The image's name for <c>vitrine run</c>.</summary>
    public const string Image = "lab";

    private const uint Executable = 0x1ED; // 0755

    private static readonly string[] s_built = ["freezer", "cpuacct"];
    private static readonly string[] s_kept = ["TERM", "LANG", "VITRINE_SHIM"];

    /// <summary>NAME=value entries.</summary>
    public static IEnumerable<string> Variables(CgroupLayout layout, string cgroup)
    {
        yield return $"PATH={AppContext.BaseDirectory.TrimEnd('/')}:{LabPaths.Commands}:{LabProgram.SearchPath}";
        yield return $"LAB={LabPaths.Lab}";
        yield return $"ROOTFS={LabPaths.RootFs}";
        yield return $"IMAGE={Image}";
        yield return $"HOME={LabPaths.Lab}";
        yield return $"VITRINE_DATA_ROOT={LabPaths.Store}";
        yield return $"VITRINE_EXEC_ROOT={LabPaths.Run}";
        yield return $"DOCKER_CONFIG={LabPaths.Root}/docker";
        // Below the lab's own, so that its removal finds them; named as elsewhere, so that they are known for what they are.
        yield return $"VITRINE_CGROUP_PARENT={cgroup}/vitrine";
        yield return "NO_COLOR=1";
        // Before LANG: what tools print is what the checks of a lesson look for.
        yield return "LC_ALL=C.UTF-8";
        if (LessonCondition.CgroupVersion(layout) is > 0 and var version)
            yield return $"CGV{version}=1";
        foreach (var name in s_kept)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                yield return $"{name}={value}";
        }
    }

    /// <summary>Writes the commands <c>cg</c> and <c>eventually</c> into the sandbox of a process.</summary>
    public static void WriteCommands(CgroupLayout layout, string cgroup, int pid)
    {
        using var directory = FileAt.OpenDirectory($"/proc/{pid}/root{LabPaths.Commands}");
        Write(directory, "cg", CgroupCommand(layout, cgroup));
        Write(directory, "eventually", LessonCatalog.Script("Eventually.sh"));
    }

    /// <summary><c>cg CONTROLLER</c>: where the lesson's own cgroup is, on whatever layout.</summary>
    internal static string CgroupCommand(CgroupLayout layout, string cgroup)
    {
        var script = new StringBuilder("#!/bin/sh\n# cg CONTROLLER: the directory of the lesson's own cgroup in the hierarchy that has the controller.\ncase ${1:-} in\n");
        var controllers = layout.Hierarchies.SelectMany(hierarchy => hierarchy.Controllers.Select(name => (Name: name, hierarchy.MountPoint))).ToList();
        // What v1 has controllers for, every cgroup of v2 does without one.
        if (layout.Unified is { } unified)
            controllers.AddRange(s_built.Where(name => layout.Of(name) is null).Select(name => (name, unified.MountPoint)));
        foreach (var (name, mountPoint) in controllers)
            script.Append($"{name}) echo {mountPoint}{cgroup}/lesson ;;\n");
        script.Append($"*) echo \"cg: no controller '${{1:-}}': there are {string.Join(", ", controllers.Select(one => one.Name))}\" >&2; exit 1 ;;\nesac\n");
        return script.ToString();
    }

    private static void Write(Microsoft.Win32.SafeHandles.SafeFileHandle directory, string name, string text)
    {
        using var file = FileAt.Open(directory, Encoding.UTF8.GetBytes(name), OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, ResolveFlags.Beneath, Executable);
        Fd.WriteAll(file, Encoding.UTF8.GetBytes(text));
    }
}
