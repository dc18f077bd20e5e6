using System.Globalization;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass.Namespaces;

/// <summary>Who the command becomes, in numbers of the namespace it runs in.</summary>
internal sealed class IdentityFlags
{
    private readonly ValueFlag<uint?> _uid;
    private readonly ValueFlag<uint?> _gid;

    public IdentityFlags(FlagSet flags)
    {
        _uid = flags.Add(new ValueFlag<uint?>("setuid", 'S', "uid", "User number inside", Parse));
        _gid = flags.Add(new ValueFlag<uint?>("setgid", 'G', "gid", "Group number inside; supplementary groups are given up", Parse));
    }

    public uint? Uid => _uid.Value;

    public uint? Gid => _gid.Value;

    private static uint? Parse(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new FlagValueException("not a number");
}
