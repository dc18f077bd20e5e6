using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Insight.Files;
using Vitrine.Linux;

namespace Vitrine.Glass.Fs;

/// <summary><c>vitrine fs edit</c>: this host's editor on a copy, which then takes the file's place.</summary>
internal sealed class FsEditVerb : GlassVerb
{
    private const long Largest = 64 << 20;

    public override string Usage => "CONTAINER|PID:PATH";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Operand Completes => Operand.RunningContainer;

    public override string Details =>
        "Runs $VISUAL, $EDITOR or vi on a copy. The file keeps its owner, mode and attributes, and is replaced at once;\n"
        + "where it changed meanwhile it is left alone, and the copy is kept.";

    public override Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (container, path) = FsPlace.Split(arguments[0]);
        using var root = FsPlace.OpenRunning(context, container);
        var (directory, name) = root.OpenParent(path);
        using (directory)
        {
            var item = FileWalk.Look(directory, name, path) ?? throw new LinuxException("open", path, Errno.ENOENT);
            if (item.Target is { } target)
                throw new VitrineException(ErrorKind.Invalid, $"{path} is a link to {target}: name that");
            Edit(context, new Subject(directory, name, path, item.Status), Read(root, path));
        }

        return Task.FromResult(0);
    }

    private sealed record Subject(SafeFileHandle Directory, byte[] Name, string Path, FileStatus Status);

    private static void Edit(CommandContext context, Subject subject, byte[] before)
    {
        var work = Directory.CreateTempSubdirectory("vitrine-edit-").FullName;
        // Under its own name, by which editors know what it is; never one that leads elsewhere, as it is one part of a path.
        var copy = Path.Join(work, Encoding.UTF8.GetString(subject.Name));
        File.WriteAllBytes(copy, before);
        RunEditor(context, copy);
        var after = File.ReadAllBytes(copy);
        if (after.AsSpan().SequenceEqual(before))
            context.Screen.WriteError($"{subject.Path} is unchanged");
        else if (IsOther(subject))
            throw new VitrineException(ErrorKind.Conflict, $"{subject.Path} changed while it was edited, and is left as it is: your text is in {copy}");
        else
            Replace(subject, after);
        Directory.Delete(work, recursive: true);
    }

    private static byte[] Read(ContainerRoot root, string path)
    {
        using var file = RegularFile.Open(root, path);
        var size = (long)FileAt.Status(file, default).Size;
        if (size > Largest)
            throw new VitrineException(ErrorKind.Invalid, $"{path} has {size} bytes: copy it out with vitrine fs cp");
        using var content = new MemoryStream((int)size);
        var buffer = new byte[64 << 10];
        while (content.Length <= Largest && FileOn.Read(file, buffer) is > 0 and var length)
            content.Write(buffer, 0, length);
        return content.ToArray();
    }

    private static void RunEditor(CommandContext context, string file)
    {
        var editor = new[] { "VISUAL", "EDITOR" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "vi";
        context.Screen.Out.Flush();
        using var process = Spawn.Start(new SpawnRequest
        {
            Program = "sh",
            SearchPath = true,
            // The variable may hold options: the shell parts them, and the file's name is one word whatever is in it.
            Arguments = ["sh", "-c", $"{editor} \"$1\"", "sh", file],
            Descriptors = new Dictionary<int, SafeFileHandle> { [0] = Fd.StandardInput, [1] = Fd.StandardOutput, [2] = Fd.StandardError },
        });
        if (process.Wait() is { Code: not 0 and var code })
            throw new VitrineException(ErrorKind.Unavailable, $"{editor} ended with exit code {code}: nothing is changed, your text is in {file}");
    }

    private static bool IsOther(Subject subject) =>
        FileAt.TryStatus(subject.Directory, subject.Name, out var now) != Errno.None
        || (now.Device, now.Inode, now.Size, now.Modified, now.Changed)
            != (subject.Status.Device, subject.Status.Inode, subject.Status.Size, subject.Status.Modified, subject.Status.Changed);

    private static void Replace(Subject subject, byte[] content)
    {
        var temporary = Encoding.ASCII.GetBytes($".vitrine-fs-{Entropy.NewId()}");
        try
        {
            Write(subject, temporary, content);
            var error = FileAt.TryRename(subject.Directory, temporary, subject.Directory, subject.Name);
            if (error == Errno.None)
                return;
            // A file that is a mount of its own (/etc/hosts) cannot be exchanged, only written to.
            if (error is not (Errno.EBUSY or Errno.EXDEV))
                throw FileAt.Failure("replace", subject.Directory, subject.Name, error);
            FileAt.TryUnlink(subject.Directory, temporary);
            WriteInPlace(subject, content);
        }
        catch
        {
            FileAt.TryUnlink(subject.Directory, temporary);
            throw;
        }
    }

    private static void Write(Subject subject, byte[] temporary, byte[] content)
    {
        using var file = FileAt.Open(subject.Directory, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, ResolveFlags.NoSymlinks, 0b110_000_000);
        FileOn.Write(file, content);
        FileCopier.CopyAttributes(subject.Directory, subject.Name, subject.Status, subject.Directory, temporary);
        var now = DateTimeOffset.UtcNow;
        var time = new FileTime(now.ToUnixTimeSeconds(), (uint)(now.Ticks % TimeSpan.TicksPerSecond * 100));
        FileAt.SetTimes(subject.Directory, temporary, time, time);
    }

    private static void WriteInPlace(Subject subject, byte[] content)
    {
        using var file = FileAt.Open(subject.Directory, subject.Name, OpenFlags.WriteOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, ResolveFlags.NoSymlinks);
        FileOn.Write(file, content);
        FileOn.SetLength(file, content.Length);
    }
}
