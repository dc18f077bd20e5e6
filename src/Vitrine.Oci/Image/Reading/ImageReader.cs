using System.Text.Json;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Oci.Image.Reading;

/// <summary>
/// Reads an image's configuration and the store's index into the same records as <see cref="ImageJson"/>, without the
/// serializer: both are read at every start of a container, and its metadata would take longer than all the rest of it.
/// </summary>
public static partial class ImageReader
{
    /// <summary>Reads an image configuration.</summary>
    /// <exception cref="JsonException">It is not JSON, or a field has the wrong type.</exception>
    public static ImageConfig ReadConfig(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        var config = ReadConfig(ref json);
        json.End();
        return config;
    }

    private static ImageConfig ReadConfig(ref JsonCursor json)
    {
        // As the serializer has it: what the document does not say is null, whatever the record begins with.
        var config = new ImageConfig { RootFs = null! };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "created": config = config with { Created = json.LenientTime() }; break;
                case "author": config = config with { Author = json.Text() }; break;
                case "architecture": config = config with { Architecture = json.Text() }; break;
                case "os": config = config with { Os = json.Text() }; break;
                case "os.version": config = config with { OsVersion = json.Text() }; break;
                case "os.features": config = config with { OsFeatures = json.Texts() }; break;
                case "variant": config = config with { Variant = json.Text() }; break;
                case "config": config = config with { Config = ReadExecution(ref json) }; break;
                case "rootfs": config = config with { RootFs = ReadRootFs(ref json) }; break;
                case "history": config = config with { History = json.List(ReadHistory) }; break;
                default: (config.Unknown ??= [])[field] = json.Element(); break;
            }
        }
        return config;
    }

    private static ImageRootFs ReadRootFs(ref JsonCursor json)
    {
        var rootFs = new ImageRootFs { Type = null!, DiffIds = null! };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "type": rootFs = rootFs with { Type = json.Text() }; break;
                case "diff_ids": rootFs = rootFs with { DiffIds = json.List(ReadDigest) }; break;
                default: json.Skip(); break;
            }
        }
        return rootFs;
    }

    private static ImageHistory ReadHistory(ref JsonCursor json)
    {
        var step = new ImageHistory();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "created": step = step with { Created = json.LenientTime() }; break;
                case "author": step = step with { Author = json.Text() }; break;
                case "created_by": step = step with { CreatedBy = json.Text() }; break;
                case "comment": step = step with { Comment = json.Text() }; break;
                case "empty_layer": step = step with { EmptyLayer = json.Flag() }; break;
                default: (step.Unknown ??= [])[field] = json.Element(); break;
            }
        }
        return step;
    }

    private static ImageExecution ReadExecution(ref JsonCursor json)
    {
        var config = new ImageExecution();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "User": config = config with { User = json.Text() }; break;
                case "ExposedPorts": config = config with { ExposedPorts = json.Map(ReadEmpty) }; break;
                case "Env": config = config with { Env = json.Texts() }; break;
                case "Entrypoint": config = config with { Entrypoint = json.Texts() }; break;
                case "Cmd": config = config with { Cmd = json.Texts() }; break;
                case "Volumes": config = config with { Volumes = json.Map(ReadEmpty) }; break;
                case "WorkingDir": config = config with { WorkingDir = json.Text() }; break;
                case "Labels": config = config with { Labels = json.TextMap() }; break;
                case "StopSignal": config = config with { StopSignal = json.Text() }; break;
                case "StopTimeout": config = config with { StopTimeout = json.Int() }; break;
                case "Healthcheck": config = config with { Healthcheck = ReadHealthcheck(ref json) }; break;
                case "OnBuild": config = config with { OnBuild = json.Texts() }; break;
                case "Shell": config = config with { Shell = json.Texts() }; break;
                case "ArgsEscaped": config = config with { ArgsEscaped = json.Flag() }; break;
                default: (config.Unknown ??= [])[field] = json.Element(); break;
            }
        }
        return config;
    }

    private static HealthcheckConfig ReadHealthcheck(ref JsonCursor json)
    {
        var check = new HealthcheckConfig();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "Test": check = check with { Test = json.Texts() }; break;
                case "Interval": check = check with { Interval = json.Long() }; break;
                case "Timeout": check = check with { Timeout = json.Long() }; break;
                case "StartPeriod": check = check with { StartPeriod = json.Long() }; break;
                case "StartInterval": check = check with { StartInterval = json.Long() }; break;
                case "Retries": check = check with { Retries = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return check;
    }

    private static EmptyObject? ReadEmpty(ref JsonCursor json)
    {
        json.Begin();
        while (json.Next(out _))
            json.Skip();
        return EmptyObject.Instance;
    }

    private static Digest ReadDigest(ref JsonCursor json) =>
        Digest.TryParse(json.Text(), out var digest, out var problem) ? digest : throw new JsonException(problem);
}
