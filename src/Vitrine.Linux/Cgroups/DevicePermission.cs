namespace Vitrine.Linux;

/// <summary>What may be done with a device (BPF_DEVCG_ACC_*).</summary>
[Flags]
public enum DeviceAccess
{
    None = 0,
    MakeNode = 1,
    Read = 2,
    Write = 4,
    All = MakeNode | Read | Write,
}

/// <summary>Which devices a rule is about (BPF_DEVCG_DEV_*).</summary>
public enum DeviceKind
{
    Any = 0,
    Block = 1,
    Character = 2,
}

/// <summary>One rule of a cgroup's device list; later rules win over earlier ones.</summary>
/// <param name="Allow">Whether it allows or denies.</param>
/// <param name="Kind">Of which kind of devices.</param>
/// <param name="Major">Of which major number; all where null.</param>
/// <param name="Minor">Of which minor number; all where null.</param>
/// <param name="Access">What.</param>
public readonly record struct DevicePermission(bool Allow, DeviceKind Kind, uint? Major, uint? Minor, DeviceAccess Access)
{
    /// <summary>Everything with every device, or nothing with any.</summary>
    public static DevicePermission Everything(bool allow) => new(allow, DeviceKind.Any, null, null, DeviceAccess.All);

    /// <summary>As the v1 devices controller reads it: <c>a</c>, or <c>c 1:3 rwm</c> with <c>*</c> for any number.</summary>
    public override string ToString()
    {
        if (Kind == DeviceKind.Any)
            return "a";
        var access = Letter(DeviceAccess.Read, "r") + Letter(DeviceAccess.Write, "w") + Letter(DeviceAccess.MakeNode, "m");
        return $"{(Kind == DeviceKind.Block ? 'b' : 'c')} {Major?.ToString() ?? "*"}:{Minor?.ToString() ?? "*"} {access}";
    }

    private string Letter(DeviceAccess access, string letter) => Access.HasFlag(access) ? letter : "";
}
