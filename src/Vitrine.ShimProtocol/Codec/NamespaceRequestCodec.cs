using System.Text.Json;
using Vitrine.Linux;
using Vitrine.Linux.Proc;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.ShimProtocol.Codec;

/// <summary>A <see cref="NamespaceRequest"/> as JSON: how the glass box, which may not clone, asks the shim's program to.</summary>
public static class NamespaceRequestCodec
{
    /// <summary>The name by which the shim's program takes a request as its first argument, and the command as the others.</summary>
    public const string ProgramName = "vitrine-ns";

    /// <summary>Writes a request; what is as in an empty one is left out.</summary>
    public static ReadOnlyMemory<byte> Write(NamespaceRequest request)
    {
        var json = new JsonObjectWriter();
        Add(ref json, "new"u8, request.New);
        if (request.Target != 0)
            json.Add("target"u8, request.Target);
        if (request.TargetStart != 0)
            json.Add("targetStart"u8, request.TargetStart);
        Add(ref json, "joined"u8, request.Joined);
        Add(ref json, "joinedFiles"u8, request.JoinedFiles);
        Add(ref json, "kept"u8, request.Kept);
        Add(ref json, "uidMap"u8, request.UidMap);
        Add(ref json, "gidMap"u8, request.GidMap);
        Add(ref json, "setGroups"u8, request.SetGroups);
        Add(ref json, "forks"u8, request.Forks);
        if (request.DeathSignal != 0)
            json.Add("deathSignal"u8, request.DeathSignal);
        if (request.Propagation != MountFlags.None)
            json.Add("propagation"u8, (ulong)request.Propagation);
        Add(ref json, "root"u8, request.Root);
        Add(ref json, "workingDirectory"u8, request.WorkingDirectory);
        Add(ref json, "innerWorkingDirectory"u8, request.InnerWorkingDirectory);
        Add(ref json, "procMountPoint"u8, request.ProcMountPoint);
        Add(ref json, "hostName"u8, request.HostName);
        Add(ref json, "monotonic"u8, request.Monotonic);
        Add(ref json, "boottime"u8, request.Boottime);
        Add(ref json, "uid"u8, request.Uid);
        Add(ref json, "gid"u8, request.Gid);
        Add(ref json, "clearsGroups"u8, request.ClearsGroups);
        Add(ref json, "keepsCapabilities"u8, request.KeepsCapabilities);
        if (request.Environment is { } environment)
            json.Add("environment"u8, environment);
        if (request.Tools is { } tools)
            ToolsRootCodec.Write(ref json, tools);
        return json.Finish();
    }

    /// <summary>Reads a request.</summary>
    /// <exception cref="JsonException">It is not JSON, or a field has the wrong type or value.</exception>
    public static NamespaceRequest Read(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        var request = new NamespaceRequest();
        json.Begin();
        while (json.Next(out var field))
            request = With(request, field, ref json);
        json.End();
        return request;
    }

    private static NamespaceRequest With(NamespaceRequest request, string field, ref JsonCursor json)
    {
        switch (field)
        {
            case "new": return request with { New = json.List(ReadKind) };
            case "target": return request with { Target = json.Int() };
            case "targetStart": return request with { TargetStart = json.ULong() };
            case "joined": return request with { Joined = json.List(ReadKind) };
            case "joinedFiles": return request with { JoinedFiles = json.List(ReadFile) };
            case "kept": return request with { Kept = json.List(ReadFile) };
            case "uidMap": return request with { UidMap = json.Text() };
            case "gidMap": return request with { GidMap = json.Text() };
            case "setGroups": return request with { SetGroups = json.Text() };
            case "forks": return request with { Forks = json.Flag() };
            case "deathSignal": return request with { DeathSignal = json.Int() };
            case "propagation": return request with { Propagation = (MountFlags)json.ULong() };
            case "root": return request with { Root = json.Text() };
            case "workingDirectory": return request with { WorkingDirectory = json.Text() };
            case "innerWorkingDirectory": return request with { InnerWorkingDirectory = json.Text() };
            case "procMountPoint": return request with { ProcMountPoint = json.Text() };
            case "hostName": return request with { HostName = json.Text() };
            case "monotonic": return request with { Monotonic = json.Long() };
            case "boottime": return request with { Boottime = json.Long() };
            case "uid": return request with { Uid = json.UInt() };
            case "gid": return request with { Gid = json.UInt() };
            case "clearsGroups": return request with { ClearsGroups = json.Flag() };
            case "keepsCapabilities": return request with { KeepsCapabilities = json.Flag() };
            case "tools": return request with { Tools = ToolsRootCodec.Read(ref json) };
            case "environment": return request with { Environment = json.Texts() };
            default: json.Skip(); return request;
        }
    }

    private static NamespaceFile ReadFile(ref JsonCursor json)
    {
        NamespaceKind? kind = null;
        string? path = null;
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "kind": kind = ReadKind(ref json); break;
                case "path": path = json.Text(); break;
                default: json.Skip(); break;
            }
        }
        return new NamespaceFile(kind ?? throw JsonCursor.Missing("kind"), path ?? throw JsonCursor.Missing("path"));
    }

    private static NamespaceKind ReadKind(ref JsonCursor json)
    {
        var name = json.Text();
        foreach (var kind in NamespaceId.Kinds)
            if (NamespaceId.FileName(kind) == name)
                return kind;
        throw new JsonException($"no kind of namespace: {name}");
    }

    private static void Add(ref JsonObjectWriter json, ReadOnlySpan<byte> name, IReadOnlyList<NamespaceKind> kinds)
    {
        if (kinds.Count > 0)
            json.Add(name, [.. kinds.Select(NamespaceId.FileName)]);
    }

    private static void Add(ref JsonObjectWriter json, ReadOnlySpan<byte> name, IReadOnlyList<NamespaceFile> files)
    {
        if (files.Count == 0)
            return;
        json.BeginList(name);
        foreach (var file in files)
        {
            json.BeginItem();
            json.Add("kind"u8, NamespaceId.FileName(file.Kind));
            json.Add("path"u8, file.Path);
            json.End();
        }
        json.EndList();
    }

    private static void Add(ref JsonObjectWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.Add(name, text);
    }

    private static void Add(ref JsonObjectWriter json, ReadOnlySpan<byte> name, bool flag)
    {
        if (flag)
            json.Add(name, true);
    }

    private static void Add(ref JsonObjectWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
            json.Add(name, value);
    }
}
