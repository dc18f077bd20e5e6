using System.Text;
using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Output;
using Vitrine.Engine;
using Vitrine.Images.Layers;
using Vitrine.Linux;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine cp</c></summary>
internal sealed class CopyVerb : Verb
{
    private readonly BoolFlag _archive;
    private readonly BoolFlag _followLink;
    private readonly BoolFlag _quiet;

    public CopyVerb()
    {
        _archive = Flags.Bool("archive", 'a', "Archive mode (copy all uid/gid information)");
        _followLink = Flags.Bool("follow-link", 'L', "Always follow symbol link in SRC_PATH");
        _quiet = Flags.Bool("quiet", 'q', "Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached");
    }

    public override string Usage => "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\t" + ProgramName.Text + " cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH";

    public override string Details =>
        "Use '-' as the source to read a tar archive from stdin and extract it to a directory destination in a container.\n"
        + "Use '-' as the destination to stream a tar archive of a container source to stdout.";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(2);

    public override Operand Completes => Operand.Container;

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        if (arguments[0].Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "source can not be empty");
        if (arguments[1].Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "destination can not be empty");
        using var interrupt = new Interrupt();
        var (source, destination) = (CopyName.Parse(arguments[0]), CopyName.Parse(arguments[1]));
        await ((source.Container, destination.Container) switch
        {
            ({ } container, null) => FromContainerAsync(cli, container, source.Path, destination.Path, interrupt.Token),
            (null, { } container) => ToContainerAsync(cli, source.Path, container, destination.Path, interrupt.Token),
            (null, null) => throw new VitrineException(ErrorKind.Invalid, "must specify at least one container source"),
            _ => throw new VitrineException(ErrorKind.Invalid, "copying between containers is not supported"),
        });
        return 0;
    }

    private async Task FromContainerAsync(CliContext cli, string container, string path, string destination, CancellationToken cancellation)
    {
        var opened = _followLink.Value ? await FollowAsync(cli, container, path) : path;
        using var archive = await cli.Engine.GetArchiveAsync(container, opened, cancellation);
        if (destination == ArchiveFiles.Standard)
        {
            if (cli.Screen.OutputIsTerminal)
                throw new VitrineException(ErrorKind.Invalid, "cowardly refusing to copy to a terminal. Redirect the output");
            await ArchiveFiles.WriteOutputAsync(destination, output => archive.WriteToAsync(output, cancellation));
            return;
        }

        // A link that was followed keeps its own name.
        var source = new CopyEnd(opened, true, archive.Stat.IsDirectory);
        var plan = CopyPlan.Make(source, LocalPath.Split(path).Name, LocalPath.Destination(LocalPath.Absolute(destination)));
        using var root = FileAt.OpenDirectory(plan.Directory);
        var extract = new TreeExtractOptions { KeepOwners = _archive.Value, KeepKinds = true };
        var bytes = await CopyPipe.RunAsync(
            output => archive.WriteToAsync(output, plan.Name, cancellation),
            input => TreeArchive.Extract(root, [], input, extract, cancellation));
        Tell(cli, bytes, destination);
    }

    /// <summary>Where a link in a container leads, so that the copy is of that.</summary>
    private static async Task<string> FollowAsync(CliContext cli, string container, string path)
    {
        var stat = await cli.Engine.StatPathAsync(container, path);
        return stat.IsLink ? stat.LinkTarget : path;
    }

    private async Task ToContainerAsync(CliContext cli, string source, string container, string path, CancellationToken cancellation)
    {
        var destination = await DestinationAsync(cli, container, path);
        var put = new PutArchiveOptions { NoOverwriteDirNonDir = true, CopyUidGid = _archive.Value };
        if (source == ArchiveFiles.Standard)
        {
            if (!destination.IsDirectory)
                throw new VitrineException(ErrorKind.Invalid, $"destination \"{container}:{path}\" must be a directory");
            await using var stdin = ArchiveFiles.OpenInput(source);
            await cli.Engine.PutArchiveAsync(container, destination.Path, stdin, put, cancellation);
            return;
        }

        var local = LocalSource.Find(LocalPath.Absolute(source), _followLink.Value);
        var plan = CopyPlan.Make(local.End, local.Name, destination);
        using var parent = FileAt.OpenDirectory(local.Parent);
        var bytes = await CopyPipe.RunAsync(
            output => Task.Run(() => TreeArchive.Write(parent, local.Entry, Encoding.UTF8.GetBytes(plan.Name), output, cancellation), cancellation),
            input => cli.Engine.PutArchiveAsync(container, plan.Directory, input, put, cancellation).GetAwaiter().GetResult());
        Tell(cli, bytes, $"{container}:{path}");
    }

    private static async Task<CopyEnd> DestinationAsync(CliContext cli, string container, string path)
    {
        try
        {
            var stat = await cli.Engine.StatPathAsync(container, path);
            if (stat.IsLink)
            {
                path = stat.LinkTarget;
                stat = await cli.Engine.StatPathAsync(container, path);
            }

            if (stat.IsDevice)
                throw new VitrineException(ErrorKind.Invalid, $"destination \"{container}:{path}\" must be a directory or a regular file: got a device");
            return new CopyEnd(path, true, stat.IsDirectory);
        }
        catch (VitrineException e) when (e.Kind == ErrorKind.NotFound && !e.Message.StartsWith("No such container", StringComparison.Ordinal))
        {
            // The directory of the path may be there: then the name is new.
            return new CopyEnd(path.StartsWith('/') ? path : "/" + path, false, false);
        }
    }

    private void Tell(CliContext cli, long bytes, string destination)
    {
        if (!_quiet.Value && cli.Screen.OutputIsTerminal)
            cli.Screen.Error.WriteLine($"Successfully copied {HumanText.Size(bytes)} to {destination}");
    }
}

/// <summary>An argument of cp: CONTAINER:PATH, or a path of this machine.</summary>
internal sealed record CopyName(string? Container, string Path)
{
    /// <summary>What begins with a slash or a dot is local, whatever colons are in it.</summary>
    public static CopyName Parse(string argument)
    {
        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 || argument[0] is '/' or '.' ? new(null, argument) : new(argument[..colon], argument[(colon + 1)..]);
    }
}

/// <summary>What is copied from this machine.</summary>
/// <param name="End">Path and kind.</param>
/// <param name="Parent">The directory to open.</param>
/// <param name="Entry">What in it is copied; "." for all of it.</param>
/// <param name="Name">Its name in the archive.</param>
internal sealed record LocalSource(CopyEnd End, string Parent, byte[] Entry, string Name)
{
    /// <exception cref="VitrineException">Invalid: nothing is there.</exception>
    public static LocalSource Find(string path, bool followLink)
    {
        var name = LocalPath.Split(path).Name;
        var file = new FileInfo(path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/");
        var follows = followLink || LocalPath.IsDirectoryByName(path);
        if (file.LinkTarget is not null && !follows)
            return new(new CopyEnd(path, true, false), file.DirectoryName!, Encoding.UTF8.GetBytes(file.Name), name);
        if (Directory.Exists(path))
            return new(new CopyEnd(path, true, true), path, [(byte)'.'], name);
        if (!File.Exists(path))
            throw new VitrineException(ErrorKind.Invalid, $"lstat {path}: no such file or directory");
        var real = followLink ? file.ResolveLinkTarget(returnFinalTarget: true) ?? file : file;
        return new(new CopyEnd(path, true, false), Path.GetDirectoryName(real.FullName)!, Encoding.UTF8.GetBytes(real.Name), name);
    }
}
