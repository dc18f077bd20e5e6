using Vitrine.Engine.Docker;
using Vitrine.Engine.Security;
using Vitrine.Linux;
using OciCapabilities = Vitrine.Oci.Runtime.Capabilities;

namespace Vitrine.Engine.Bundle;

/// <summary>Which capabilities a container has: Docker's rules over a smaller default set.</summary>
internal static class CapabilityPolicy
{
    /// <summary>--cap-add and --cap-drop applied; ALL on one side leaves the exceptions on the other.</summary>
    public static CapabilitySet Of(HostConfig host, CapabilitySet kernel)
    {
        if (host.Privileged)
            return kernel;
        var add = Parse(host.CapAdd, kernel, out var addAll);
        var drop = Parse(host.CapDrop, kernel, out var dropAll);
        if (addAll)
            return dropAll ? add - drop : kernel - drop;
        return dropAll ? add : (Defaults.Capabilities - drop | add) & kernel;
    }

    /// <summary>
    /// The five sets. Inheritable and ambient stay empty (CVE-2022-24769); a process that is not root starts without any, as
    /// execve(2) would leave it.
    /// </summary>
    public static OciCapabilities Sets(CapabilitySet capabilities, uint uid)
    {
        var names = capabilities.ToNames();
        return uid == 0
            ? new OciCapabilities { Bounding = names, Effective = names, Permitted = names }
            : new OciCapabilities { Bounding = names };
    }

    private static CapabilitySet Parse(IReadOnlyList<string>? words, CapabilitySet kernel, out bool all)
    {
        var set = CapabilitySet.Empty;
        all = false;
        foreach (var word in words ?? [])
        {
            if (word.Equals("ALL", StringComparison.OrdinalIgnoreCase) || word.Equals("CAP_ALL", StringComparison.OrdinalIgnoreCase))
                all = true;
            else if (CapabilitySet.TryParseWord(word, kernel, out var one))
                set |= one;
        }
        return set;
    }
}
