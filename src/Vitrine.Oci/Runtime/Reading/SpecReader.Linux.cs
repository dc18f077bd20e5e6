namespace Vitrine.Oci.Runtime.Reading;

public static partial class SpecReader
{
    private static LinuxSpec ReadLinux(ref JsonCursor json)
    {
        var value = new LinuxSpec();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "namespaces": value = value with { Namespaces = json.List(ReadNamespace) }; break;
                case "uidMappings": value = value with { UidMappings = json.List(ReadIdMapping) }; break;
                case "gidMappings": value = value with { GidMappings = json.List(ReadIdMapping) }; break;
                case "timeOffsets": value = value with { TimeOffsets = json.Map(ReadTimeOffset) }; break;
                case "devices": value = value with { Devices = json.List(ReadDevice) }; break;
                case "cgroupsPath": value = value with { CgroupsPath = json.Text() }; break;
                case "resources": value = value with { Resources = ReadResources(ref json) }; break;
                case "sysctl": value = value with { Sysctl = json.TextMap() }; break;
                case "seccomp": value = value with { Seccomp = ReadSeccomp(ref json) }; break;
                case "rootfsPropagation": value = value with { RootfsPropagation = json.Text() }; break;
                case "maskedPaths": value = value with { MaskedPaths = json.Texts() }; break;
                case "readonlyPaths": value = value with { ReadonlyPaths = json.Texts() }; break;
                case "mountLabel": value = value with { MountLabel = json.Text() }; break;
                case "intelRdt": value = value with { IntelRdt = ReadIntelRdt(ref json) }; break;
                case "memoryPolicy": value = value with { MemoryPolicy = ReadMemoryPolicy(ref json) }; break;
                case "netDevices": value = value with { NetDevices = json.Map(ReadNetDevice) }; break;
                case "personality": value = value with { Personality = ReadPersonality(ref json) }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static Namespace ReadNamespace(ref JsonCursor json)
    {
        string? type = null;
        var value = new Namespace { Type = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "type": type = json.Text(); break;
                case "path": value = value with { Path = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Type = json.Required(type, "namespaces.type") };
    }

    private static TimeOffset ReadTimeOffset(ref JsonCursor json)
    {
        var value = new TimeOffset();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "secs": value = value with { Secs = json.Long() }; break;
                case "nanosecs": value = value with { Nanosecs = json.UInt() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static Device ReadDevice(ref JsonCursor json)
    {
        string? type = null;
        string? path = null;
        var value = new Device { Type = "", Path = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "type": type = json.Text(); break;
                case "path": path = json.Text(); break;
                case "major": value = value with { Major = json.Long() }; break;
                case "minor": value = value with { Minor = json.Long() }; break;
                case "fileMode": value = value with { FileMode = json.UInt() }; break;
                case "uid": value = value with { Uid = json.UInt() }; break;
                case "gid": value = value with { Gid = json.UInt() }; break;
                default: json.Skip(); break;
            }
        }
        return value with
        {
            Type = json.Required(type, "devices.type"),
            Path = json.Required(path, "devices.path"),
        };
    }

    private static IntelRdt ReadIntelRdt(ref JsonCursor json)
    {
        var value = new IntelRdt();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "closID": value = value with { ClosId = json.Text() }; break;
                case "l3CacheSchema": value = value with { L3CacheSchema = json.Text() }; break;
                case "memBwSchema": value = value with { MemBwSchema = json.Text() }; break;
                case "schemata": value = value with { Schemata = json.Texts() }; break;
                case "enableMonitoring": value = value with { EnableMonitoring = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static MemoryPolicy ReadMemoryPolicy(ref JsonCursor json)
    {
        string? mode = null;
        var value = new MemoryPolicy { Mode = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "mode": mode = json.Text(); break;
                case "nodes": value = value with { Nodes = json.Text() }; break;
                case "flags": value = value with { Flags = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Mode = json.Required(mode, "memoryPolicy.mode") };
    }

    private static NetDevice ReadNetDevice(ref JsonCursor json)
    {
        var value = new NetDevice();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "name": value = value with { Name = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static Personality ReadPersonality(ref JsonCursor json)
    {
        string? domain = null;
        var value = new Personality { Domain = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "domain": domain = json.Text(); break;
                case "flags": value = value with { Flags = json.Texts() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Domain = json.Required(domain, "personality.domain") };
    }

    private static Seccomp ReadSeccomp(ref JsonCursor json)
    {
        string? defaultAction = null;
        var value = new Seccomp { DefaultAction = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "defaultAction": defaultAction = json.Text(); break;
                case "defaultErrnoRet": value = value with { DefaultErrnoRet = json.UInt() }; break;
                case "architectures": value = value with { Architectures = json.Texts() }; break;
                case "flags": value = value with { Flags = json.Texts() }; break;
                case "listenerPath": value = value with { ListenerPath = json.Text() }; break;
                case "listenerMetadata": value = value with { ListenerMetadata = json.Text() }; break;
                case "syscalls": value = value with { Syscalls = json.List(ReadSyscallRule) }; break;
                default: json.Skip(); break;
            }
        }
        return value with { DefaultAction = json.Required(defaultAction, "seccomp.defaultAction") };
    }

    private static SyscallRule ReadSyscallRule(ref JsonCursor json)
    {
        List<string>? names = null;
        string? action = null;
        var value = new SyscallRule { Names = [], Action = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "names": names = json.Texts(); break;
                case "action": action = json.Text(); break;
                case "errnoRet": value = value with { ErrnoRet = json.UInt() }; break;
                case "args": value = value with { Args = json.List(ReadSyscallArgument) }; break;
                default: json.Skip(); break;
            }
        }
        return value with
        {
            Names = json.Required(names, "syscalls.names"),
            Action = json.Required(action, "syscalls.action"),
        };
    }

    private static SyscallArgument ReadSyscallArgument(ref JsonCursor json)
    {
        string? op = null;
        var value = new SyscallArgument { Op = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "index": value = value with { Index = json.UInt() }; break;
                case "value": value = value with { Value = json.ULong() }; break;
                case "valueTwo": value = value with { ValueTwo = json.ULong() }; break;
                case "op": op = json.Text(); break;
                default: json.Skip(); break;
            }
        }
        return value with { Op = json.Required(op, "args.op") };
    }
}
