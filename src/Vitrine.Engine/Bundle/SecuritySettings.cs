using System.Text;
using Vitrine.Engine.Creation;
using Vitrine.Engine.Docker;
using Vitrine.Engine.Security;
using Vitrine.Filters;
using Vitrine.Linux;
using Vitrine.Oci.Runtime;

namespace Vitrine.Engine.Bundle;

/// <summary>The seccomp filter and the AppArmor profile that a HostConfig asks for.</summary>
internal static class SecuritySettings
{
    /// <summary>The filter; null for none, as asked for by seccomp=unconfined or --privileged.</summary>
    /// <exception cref="VitrineException">Invalid: the user's profile is none.</exception>
    public static Seccomp? Seccomp(HostConfig host, CapabilitySet kernel)
    {
        var options = SecurityOptions.Parse(host, new Problems());
        // An explicit profile is honoured even for a privileged container; the default one is not forced on it.
        if (options.SeccompUnconfined || host.Privileged && options.Seccomp is null)
            return null;
        var profile = options.Seccomp is { } json ? SeccompProfile.Load(Encoding.UTF8.GetBytes(json)) : DefaultSeccompProfile.Load();
        return profile.Resolve(CapabilityPolicy.Of(host, kernel));
    }

    /// <summary>The profile's name, the default one loaded; null where none is asked for or the host has none.</summary>
    /// <exception cref="VitrineException">Unavailable: the default profile cannot be loaded.</exception>
    public static string? AppArmor(HostConfig host)
    {
        if (SecurityOptions.Parse(host, new Problems()).AppArmor is { } asked)
            return asked == "unconfined" ? null : asked;
        if (host.Privileged)
            return null;
        var profile = new DefaultAppArmorProfile();
        if (!profile.IsAvailable)
            return null;
        profile.EnsureLoaded();
        return DefaultAppArmorProfile.Name;
    }
}
