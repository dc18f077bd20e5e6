namespace Vitrine.Shim.Oci;

/// <summary>What --version says.</summary>
internal static class VersionText
{
    /// <summary>The newest version of the runtime specification that is understood.</summary>
    public const string SpecVersion = "1.2.1";

    /// <summary>The product's version: that of Directory.Build.props, without asking the assembly by reflection.</summary>
    public const string Version = "0.1.0";
}
