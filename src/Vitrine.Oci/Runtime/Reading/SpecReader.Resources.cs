namespace Vitrine.Oci.Runtime.Reading;

public static partial class SpecReader
{
    /// <summary>Reads a resources object, with the cursor at it.</summary>
    public static Resources ReadResources(ref JsonCursor json)
    {
        var value = new Resources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "devices": value = value with { Devices = json.List(ReadDeviceRule) }; break;
                case "memory": value = value with { Memory = ReadMemory(ref json) }; break;
                case "cpu": value = value with { Cpu = ReadCpu(ref json) }; break;
                case "pids": value = value with { Pids = ReadPids(ref json) }; break;
                case "blockIO": value = value with { BlockIo = ReadBlockIo(ref json) }; break;
                case "hugepageLimits": value = value with { HugepageLimits = json.List(ReadHugepageLimit) }; break;
                case "network": value = value with { Network = ReadNetwork(ref json) }; break;
                case "rdma": value = value with { Rdma = json.Map(ReadRdmaLimit) }; break;
                case "unified": value = value with { Unified = json.TextMap() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static DeviceRule ReadDeviceRule(ref JsonCursor json)
    {
        var value = new DeviceRule();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "allow": value = value with { Allow = json.Flag() }; break;
                case "type": value = value with { Type = json.Text() }; break;
                case "major": value = value with { Major = json.Long() }; break;
                case "minor": value = value with { Minor = json.Long() }; break;
                case "access": value = value with { Access = json.Text() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static MemoryResources ReadMemory(ref JsonCursor json)
    {
        var value = new MemoryResources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "limit": value = value with { Limit = json.Long() }; break;
                case "reservation": value = value with { Reservation = json.Long() }; break;
                case "swap": value = value with { Swap = json.Long() }; break;
                case "kernel": value = value with { Kernel = json.Long() }; break;
                case "kernelTCP": value = value with { KernelTcp = json.Long() }; break;
                case "swappiness": value = value with { Swappiness = json.ULong() }; break;
                case "disableOOMKiller": value = value with { DisableOomKiller = json.Flag() }; break;
                case "useHierarchy": value = value with { UseHierarchy = json.Flag() }; break;
                case "checkBeforeUpdate": value = value with { CheckBeforeUpdate = json.Flag() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static CpuResources ReadCpu(ref JsonCursor json)
    {
        var value = new CpuResources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "shares": value = value with { Shares = json.ULong() }; break;
                case "quota": value = value with { Quota = json.Long() }; break;
                case "burst": value = value with { Burst = json.ULong() }; break;
                case "period": value = value with { Period = json.ULong() }; break;
                case "realtimeRuntime": value = value with { RealtimeRuntime = json.Long() }; break;
                case "realtimePeriod": value = value with { RealtimePeriod = json.ULong() }; break;
                case "cpus": value = value with { Cpus = json.Text() }; break;
                case "mems": value = value with { Mems = json.Text() }; break;
                case "idle": value = value with { Idle = json.Long() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static PidsResources ReadPids(ref JsonCursor json)
    {
        var value = new PidsResources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "limit": value = value with { Limit = json.Long() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static BlockIoResources ReadBlockIo(ref JsonCursor json)
    {
        var value = new BlockIoResources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "weight": value = value with { Weight = json.UShort() }; break;
                case "leafWeight": value = value with { LeafWeight = json.UShort() }; break;
                case "weightDevice": value = value with { WeightDevice = json.List(ReadWeightDevice) }; break;
                case "throttleReadBpsDevice": value = value with { ThrottleReadBpsDevice = json.List(ReadThrottleDevice) }; break;
                case "throttleWriteBpsDevice": value = value with { ThrottleWriteBpsDevice = json.List(ReadThrottleDevice) }; break;
                case "throttleReadIOPSDevice": value = value with { ThrottleReadIopsDevice = json.List(ReadThrottleDevice) }; break;
                case "throttleWriteIOPSDevice": value = value with { ThrottleWriteIopsDevice = json.List(ReadThrottleDevice) }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static WeightDevice ReadWeightDevice(ref JsonCursor json)
    {
        var value = new WeightDevice();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "major": value = value with { Major = json.Long() }; break;
                case "minor": value = value with { Minor = json.Long() }; break;
                case "weight": value = value with { Weight = json.UShort() }; break;
                case "leafWeight": value = value with { LeafWeight = json.UShort() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static ThrottleDevice ReadThrottleDevice(ref JsonCursor json)
    {
        var value = new ThrottleDevice();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "major": value = value with { Major = json.Long() }; break;
                case "minor": value = value with { Minor = json.Long() }; break;
                case "rate": value = value with { Rate = json.ULong() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static HugepageLimit ReadHugepageLimit(ref JsonCursor json)
    {
        string? pageSize = null;
        var value = new HugepageLimit { PageSize = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "pageSize": pageSize = json.Text(); break;
                case "limit": value = value with { Limit = json.ULong() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { PageSize = json.Required(pageSize, "hugepageLimits.pageSize") };
    }

    private static NetworkResources ReadNetwork(ref JsonCursor json)
    {
        var value = new NetworkResources();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "classID": value = value with { ClassId = json.UInt() }; break;
                case "priorities": value = value with { Priorities = json.List(ReadInterfacePriority) }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }

    private static InterfacePriority ReadInterfacePriority(ref JsonCursor json)
    {
        string? name = null;
        var value = new InterfacePriority { Name = "" };
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "name": name = json.Text(); break;
                case "priority": value = value with { Priority = json.UInt() }; break;
                default: json.Skip(); break;
            }
        }
        return value with { Name = json.Required(name, "priorities.name") };
    }

    private static RdmaLimit ReadRdmaLimit(ref JsonCursor json)
    {
        var value = new RdmaLimit();
        json.Begin();
        while (json.Next(out var field))
        {
            switch (field)
            {
                case "hcaHandles": value = value with { HcaHandles = json.UInt() }; break;
                case "hcaObjects": value = value with { HcaObjects = json.UInt() }; break;
                default: json.Skip(); break;
            }
        }
        return value;
    }
}
