namespace Vitrine.Oci.Runtime;

/// <summary>Mount options that are neither the kernel's nor the specification's.</summary>
public static class MountWords
{
    /// <summary>
    /// Begins the option that names a part of a bind's source: the part is found inside the source, whatever its links say
    /// (mount(8) has an option of this name and meaning).
    /// </summary>
    public const string Subdirectory = "X-mount.subdir=";

    /// <summary>Begins the option that names the mount namespace (a file of /proc) in which a bind's source is looked up.</summary>
    public const string Namespace = "X-vitrine.namespace=";
}
