using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>What a configuration may ask for and this version does not do: refused, as leaving it out in silence would be a lie.</summary>
internal static class Unsupported
{
    /// <exception cref="VitrineException">The configuration asks for any of it.</exception>
    public static void Refuse(Spec spec, bool runsHooks)
    {
        if (!runsHooks && Any(spec.Hooks))
            throw Invalid.Unsupported("a configuration with hooks");
        if (!runsHooks && spec.Linux?.IntelRdt is not null)
            throw Invalid.Unsupported("linux.intelRdt");
        if (!runsHooks && spec.Linux?.NetDevices is { Count: > 0 })
            throw Invalid.Unsupported("linux.netDevices");
    }

    private static bool Any(Hooks? hooks) => hooks is not null &&
        new[] { hooks.Prestart, hooks.CreateRuntime, hooks.CreateContainer, hooks.StartContainer, hooks.Poststart, hooks.Poststop }
            .Any(list => list is { Count: > 0 });
}
