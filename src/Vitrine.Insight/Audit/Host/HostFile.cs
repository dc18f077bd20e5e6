using System.Globalization;
using Vitrine.Linux;

namespace Vitrine.Insight.Audit;

/// <summary>A file of the host and who may use it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Status">What it is.</param>
public sealed record HostFile(string Path, FileStatus Status)
{
    private const uint OthersWrite = 2;
    private const uint OthersRead = 4;
    private const uint GroupWrite = 0x10;

    public bool OthersMayWrite => (Status.Mode & OthersWrite) != 0;

    public bool OthersMayRead => (Status.Mode & OthersRead) != 0;

    public bool GroupMayWrite => (Status.Mode & GroupWrite) != 0;

    public Evidence Evidence => new(Path, $"mode {Octal(Status.Permissions)}, owner {Status.Uid}:{Status.Gid}");

    internal static string Octal(uint permissions) => Convert.ToString((int)permissions, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);
}
