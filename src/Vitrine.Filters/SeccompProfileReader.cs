using Vitrine.Oci.Runtime;
using Vitrine.Oci.Runtime.Reading;

namespace Vitrine.Filters;

/// <summary>Reads Docker's profile format without the serializer, which would cost every run 1 ms at its first use.</summary>
internal static class SeccompProfileReader
{
    public static SeccompProfile Read(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonCursor(utf8);
        var profile = ReadProfile(ref json);
        json.End();
        return profile;
    }

    private static SeccompProfile ReadProfile(ref JsonCursor json)
    {
        var value = new SeccompProfile();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "defaultAction": value = value with { DefaultAction = json.Text() }; break;
                case "defaultErrnoRet": value = value with { DefaultErrnoRet = json.UInt() }; break;
                case "architectures": value = value with { Architectures = json.Texts() }; break;
                case "archMap": value = value with { ArchMap = json.List(ReadArchitectureMap) }; break;
                case "flags": value = value with { Flags = json.Texts() }; break;
                case "listenerPath": value = value with { ListenerPath = json.Text() }; break;
                case "listenerMetadata": value = value with { ListenerMetadata = json.Text() }; break;
                case "syscalls": value = value with { Syscalls = json.List(ReadRule) }; break;
                default: json.Skip(); break;
            }
        }

        return value;
    }

    private static ArchitectureMap ReadArchitectureMap(ref JsonCursor json)
    {
        var value = new ArchitectureMap();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "architecture": value = value with { Architecture = json.Text() }; break;
                case "subArchitectures": value = value with { SubArchitectures = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }

        return value;
    }

    private static ProfileRule ReadRule(ref JsonCursor json)
    {
        var value = new ProfileRule();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "name": value = value with { Name = json.Text() }; break;
                case "names": value = value with { Names = json.Texts() }; break;
                case "action": value = value with { Action = json.Text() }; break;
                case "errnoRet": value = value with { ErrnoRet = json.UInt() }; break;
                case "args": value = value with { Args = json.List(ReadArgument) }; break;
                case "comment": value = value with { Comment = json.Text() }; break;
                case "includes": value = value with { Includes = ReadCondition(ref json) }; break;
                case "excludes": value = value with { Excludes = ReadCondition(ref json) }; break;
                default: json.Skip(); break;
            }
        }

        return value;
    }

    private static SyscallArgument ReadArgument(ref JsonCursor json)
    {
        var value = new SyscallArgument { Op = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "index": value = value with { Index = json.UInt() }; break;
                case "value": value = value with { Value = json.ULong() }; break;
                case "valueTwo": value = value with { ValueTwo = json.ULong() }; break;
                case "op": value = value with { Op = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return value;
    }

    private static ProfileCondition ReadCondition(ref JsonCursor json)
    {
        var value = new ProfileCondition();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "caps": value = value with { Caps = json.Texts() }; break;
                case "arches": value = value with { Arches = json.Texts() }; break;
                case "minKernel": value = value with { MinKernel = json.Text() }; break;
                default: json.Skip(); break;
            }
        }

        return value;
    }
}
