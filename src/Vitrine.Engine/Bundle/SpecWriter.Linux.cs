using System.Text.Json;
using Vitrine.Oci.Runtime;
using static Vitrine.Oci.Runtime.Writing.JsonFields;

namespace Vitrine.Engine.Bundle;

/// <content>The Linux section.</content>
internal static partial class SpecWriter
{
    private static void WriteLinux(Utf8JsonWriter json, LinuxSpec linux)
    {
        json.WriteStartObject("linux"u8);
        Each(json, "namespaces"u8, linux.Namespaces, static (json, space) =>
        {
            json.WriteString("type"u8, space.Type);
            Text(json, "path"u8, space.Path);
        });
        Each(json, "devices"u8, linux.Devices, WriteDevice);
        Text(json, "cgroupsPath"u8, linux.CgroupsPath);
        if (linux.Resources is { } resources)
            WriteResources(json, resources);
        Map(json, "sysctl"u8, linux.Sysctl);
        if (linux.Seccomp is { } seccomp)
            WriteSeccomp(json, seccomp);
        Text(json, "rootfsPropagation"u8, linux.RootfsPropagation);
        Texts(json, "maskedPaths"u8, linux.MaskedPaths);
        Texts(json, "readonlyPaths"u8, linux.ReadonlyPaths);
        json.WriteEndObject();
    }

    private static void WriteDevice(Utf8JsonWriter json, Device device)
    {
        json.WriteString("type"u8, device.Type);
        json.WriteString("path"u8, device.Path);
        json.WriteNumber("major"u8, device.Major);
        json.WriteNumber("minor"u8, device.Minor);
        Number(json, "fileMode"u8, device.FileMode);
        Number(json, "uid"u8, device.Uid);
        Number(json, "gid"u8, device.Gid);
    }

    private static void WriteResources(Utf8JsonWriter json, Resources resources)
    {
        json.WriteStartObject("resources"u8);
        Each(json, "devices"u8, resources.Devices, static (json, rule) =>
        {
            json.WriteBoolean("allow"u8, rule.Allow);
            Text(json, "type"u8, rule.Type);
            Number(json, "major"u8, rule.Major);
            Number(json, "minor"u8, rule.Minor);
            Text(json, "access"u8, rule.Access);
        });
        if (resources.Memory is { } memory)
            WriteMemory(json, memory);
        if (resources.Cpu is { } cpu)
            WriteCpu(json, cpu);
        if (resources.Pids is { } pids)
        {
            json.WriteStartObject("pids"u8);
            Number(json, "limit"u8, pids.Limit);
            json.WriteEndObject();
        }
        if (resources.BlockIo is { } blockIo)
            WriteBlockIo(json, blockIo);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryResources memory)
    {
        json.WriteStartObject("memory"u8);
        Number(json, "limit"u8, memory.Limit);
        Number(json, "reservation"u8, memory.Reservation);
        Number(json, "swap"u8, memory.Swap);
        Number(json, "swappiness"u8, (long?)memory.Swappiness);
        if (memory.DisableOomKiller is { } disable)
            json.WriteBoolean("disableOOMKiller"u8, disable);
        json.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuResources cpu)
    {
        json.WriteStartObject("cpu"u8);
        Number(json, "shares"u8, (long?)cpu.Shares);
        Number(json, "quota"u8, cpu.Quota);
        Number(json, "period"u8, (long?)cpu.Period);
        Number(json, "realtimeRuntime"u8, cpu.RealtimeRuntime);
        Number(json, "realtimePeriod"u8, (long?)cpu.RealtimePeriod);
        Text(json, "cpus"u8, cpu.Cpus);
        Text(json, "mems"u8, cpu.Mems);
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, BlockIoResources blockIo)
    {
        json.WriteStartObject("blockIO"u8);
        Number(json, "weight"u8, blockIo.Weight);
        Each(json, "weightDevice"u8, blockIo.WeightDevice, static (json, device) =>
        {
            json.WriteNumber("major"u8, device.Major);
            json.WriteNumber("minor"u8, device.Minor);
            Number(json, "weight"u8, device.Weight);
        });
        Each(json, "throttleReadBpsDevice"u8, blockIo.ThrottleReadBpsDevice, WriteThrottle);
        Each(json, "throttleWriteBpsDevice"u8, blockIo.ThrottleWriteBpsDevice, WriteThrottle);
        Each(json, "throttleReadIOPSDevice"u8, blockIo.ThrottleReadIopsDevice, WriteThrottle);
        Each(json, "throttleWriteIOPSDevice"u8, blockIo.ThrottleWriteIopsDevice, WriteThrottle);
        json.WriteEndObject();
    }

    private static void WriteThrottle(Utf8JsonWriter json, ThrottleDevice device)
    {
        json.WriteNumber("major"u8, device.Major);
        json.WriteNumber("minor"u8, device.Minor);
        json.WriteNumber("rate"u8, device.Rate);
    }

    private static void WriteSeccomp(Utf8JsonWriter json, Seccomp seccomp)
    {
        json.WriteStartObject("seccomp"u8);
        json.WriteString("defaultAction"u8, seccomp.DefaultAction);
        Number(json, "defaultErrnoRet"u8, seccomp.DefaultErrnoRet);
        Texts(json, "architectures"u8, seccomp.Architectures);
        Texts(json, "flags"u8, seccomp.Flags);
        Text(json, "listenerPath"u8, seccomp.ListenerPath);
        Text(json, "listenerMetadata"u8, seccomp.ListenerMetadata);
        Each(json, "syscalls"u8, seccomp.Syscalls, static (json, rule) =>
        {
            Texts(json, "names"u8, rule.Names);
            json.WriteString("action"u8, rule.Action);
            Number(json, "errnoRet"u8, rule.ErrnoRet);
            Each(json, "args"u8, rule.Args, static (json, argument) =>
            {
                json.WriteNumber("index"u8, argument.Index);
                json.WriteNumber("value"u8, argument.Value);
                json.WriteNumber("valueTwo"u8, argument.ValueTwo);
                json.WriteString("op"u8, argument.Op);
            });
        });
        json.WriteEndObject();
    }
}
