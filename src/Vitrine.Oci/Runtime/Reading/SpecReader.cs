using System.Text.Json;

namespace Vitrine.Oci.Runtime.Reading;

/// <summary>
/// Reads config.json into the same records as <see cref="RuntimeJson"/>, for the shim: see <see cref="JsonCursor"/> for why.
/// Fields the records do not name are passed over, not kept, as the specification has it (config.md, Extensibility).
/// </summary>
public static partial class SpecReader
{
    /// <summary>The most bytes a configuration may have.</summary>
    public const int LargestConfiguration = 8 << 20;

    /// <summary>Reads a whole config.json.</summary>
    /// <exception cref="JsonException">It is not JSON, or says every field that is there twice, is missing or has the wrong form.</exception>
    public static Spec Read(ReadOnlySpan<byte> utf8) => ReadWhole(utf8, ReadSpec);

    /// <summary>Reads a whole process.json.</summary>
    /// <inheritdoc cref="Read"/>
    public static ProcessSpec ReadProcessFile(ReadOnlySpan<byte> utf8) => ReadWhole(utf8, ReadProcess);

    private static T ReadWhole<T>(ReadOnlySpan<byte> utf8, JsonCursor.Reader<T> read)
    {
        if (utf8.Length > LargestConfiguration)
            throw new JsonException($"{utf8.Length} bytes are more than a configuration may have: {LargestConfiguration}");
        try
        {
            return ReadWhole(utf8, read, null);
        }
        catch (JsonException)
        {
            // Once more, for all that is wrong with it and where; a document that is no JSON has but one such place.
            var problems = new JsonProblems();
            ReadWhole(utf8, read, problems);
            throw problems.Any ? new JsonException(problems.ToString()) : new JsonException("changed while it was read");
        }
    }

    private static T ReadWhole<T>(ReadOnlySpan<byte> utf8, JsonCursor.Reader<T> read, JsonProblems? problems)
    {
        var json = new JsonCursor(utf8, new FieldNames(), problems);
        var value = read(ref json);
        json.End();
        return value;
    }

    private static Spec ReadSpec(ref JsonCursor json)
    {
        var spec = new Spec();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "ociVersion": spec = spec with { OciVersion = json.Text() }; break;
                case "root": spec = spec with { Root = ReadRoot(ref json) }; break;
                case "hostname": spec = spec with { Hostname = json.Text() }; break;
                case "domainname": spec = spec with { Domainname = json.Text() }; break;
                case "process": spec = spec with { Process = ReadProcess(ref json) }; break;
                case "mounts": spec = spec with { Mounts = json.List(ReadMount) }; break;
                case "hooks": spec = spec with { Hooks = ReadHooks(ref json) }; break;
                case "annotations": spec = spec with { Annotations = json.TextMap() }; break;
                case "linux": spec = spec with { Linux = ReadLinux(ref json) }; break;
                case "windows" or "solaris" or "vm" or "zos" or "freebsd": json.Refuse("is for another platform than Linux"); break;
                default: json.Skip(); break;
            }
        }
        return spec;
    }

    private static Root ReadRoot(ref JsonCursor json)
    {
        string? path = null;
        var isReadonly = false;
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "path": path = json.Text(); break;
                case "readonly": isReadonly = json.Flag(); break;
                default: json.Skip(); break;
            }
        }
        return new Root { Path = json.Required(path, "root.path"), Readonly = isReadonly };
    }

    private static Mount ReadMount(ref JsonCursor json)
    {
        string? destination = null;
        var mount = new Mount { Destination = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "destination": destination = json.Text(); break;
                case "type": mount = mount with { Type = json.Text() }; break;
                case "source": mount = mount with { Source = json.Text() }; break;
                case "options": mount = mount with { Options = json.Texts() }; break;
                case "uidMappings": mount = mount with { UidMappings = json.List(ReadIdMapping) }; break;
                case "gidMappings": mount = mount with { GidMappings = json.List(ReadIdMapping) }; break;
                default: json.Skip(); break;
            }
        }
        return mount with { Destination = json.Required(destination, "mounts.destination") };
    }

    private static IdMapping ReadIdMapping(ref JsonCursor json)
    {
        var mapping = new IdMapping();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "containerID": mapping = mapping with { ContainerId = json.UInt() }; break;
                case "hostID": mapping = mapping with { HostId = json.UInt() }; break;
                case "size": mapping = mapping with { Size = json.UInt() }; break;
                default: json.Skip(); break;
            }
        }
        return mapping;
    }

    private static Hooks ReadHooks(ref JsonCursor json)
    {
        var hooks = new Hooks();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "prestart": hooks = hooks with { Prestart = json.List(ReadHook) }; break;
                case "createRuntime": hooks = hooks with { CreateRuntime = json.List(ReadHook) }; break;
                case "createContainer": hooks = hooks with { CreateContainer = json.List(ReadHook) }; break;
                case "startContainer": hooks = hooks with { StartContainer = json.List(ReadHook) }; break;
                case "poststart": hooks = hooks with { Poststart = json.List(ReadHook) }; break;
                case "poststop": hooks = hooks with { Poststop = json.List(ReadHook) }; break;
                default: json.Skip(); break;
            }
        }
        return hooks;
    }

    private static Hook ReadHook(ref JsonCursor json)
    {
        string? path = null;
        var hook = new Hook { Path = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "path": path = json.Text(); break;
                case "args": hook = hook with { Args = json.Texts() }; break;
                case "env": hook = hook with { Env = json.Texts() }; break;
                case "timeout": hook = hook with { Timeout = json.Int() }; break;
                default: json.Skip(); break;
            }
        }
        return hook with { Path = json.Required(path, "hooks.path") };
    }
}
