using System.Text.Json;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Insight.Stores;

/// <summary>Reads container.json and state.json of Vitrine's own store (docs/architecture.md, "On disk").</summary>
internal static class StoredContainerReader
{
    /// <summary>The container in a directory; null where it is gone or being made.</summary>
    /// <exception cref="VitrineException">Internal: a file is damaged.</exception>
    public static StoredContainer? Read(string directory, string id, ProcFs proc)
    {
        var path = Path.Join(directory, "container.json");
        try
        {
            var container = ReadRecord(File.ReadAllBytes(path), id);
            path = Path.Join(directory, "state.json");
            return container with { Directory = directory, Pid = File.Exists(path) ? ReadPid(File.ReadAllBytes(path), proc) : 0 };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new VitrineException(ErrorKind.Internal, $"{path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads container.json.</summary>
    internal static StoredContainer ReadRecord(ReadOnlySpan<byte> utf8, string id)
    {
        var container = new StoredContainer { Id = id };
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Name": container = container with { Name = json.Text() }; break;
                case "ImageId": container = container with { ImageId = json.Text() }; break;
                case "Layers": container = container with { Layers = json.Texts() }; break;
                case "Config": container = container with { Image = ReadImage(ref json) }; break;
                case "Mounts": container = container with { Volumes = [.. json.List(ReadVolume).OfType<string>()] }; break;
                default: json.Skip(); break;
            }
        }

        return container;
    }

    /// <summary>Reads from network.json below which exec root the container's network is described.</summary>
    /// <exception cref="JsonException">It does not say.</exception>
    internal static string ReadExecRoot(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        return json.Member("execRoot", static (ref JsonCursor value) => value.Text()) ?? throw JsonCursor.Missing("execRoot");
    }

    private static string ReadImage(ref JsonCursor json)
    {
        var image = "";
        json.Begin();
        while (json.Next(out var field))
        {
            if (field == "Image")
                image = json.Text();
            else
                json.Skip();
        }

        return image;
    }

    private static string? ReadVolume(ref JsonCursor json)
    {
        string? name = null, type = null;
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Name": name = json.Text(); break;
                case "Type": type = json.Text(); break;
                default: json.Skip(); break;
            }
        }

        return type == "volume" ? name : null;
    }

    /// <summary>The first process, believed only where the kernel still knows it by its start time; 0 otherwise.</summary>
    private static int ReadPid(ReadOnlySpan<byte> utf8, ProcFs proc)
    {
        var (pid, started) = (0, 0ul);
        var json = new JsonCursor(utf8);
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "pid": pid = json.Int(); break;
                case "pidStartTime": started = json.ULong(); break;
                default: json.Skip(); break;
            }
        }

        return pid > 0 && proc.StartTime(pid) == started ? pid : 0;
    }
}
