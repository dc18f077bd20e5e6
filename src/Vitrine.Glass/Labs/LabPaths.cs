namespace Vitrine.Glass.Labs;

/// <summary>Where things are. Of these only the directory itself is on the host: inside, a tmpfs of the sandbox's own covers it.</summary>
internal static class LabPaths
{
    /// <summary>On the host the locks of running labs, inside everything else.</summary>
    public const string Root = "/run/vitrine-lab";

    /// <summary>The lesson's own files, which steps find as <c>$LAB</c>.</summary>
    public const string Lab = Root + "/lab";

    /// <summary>A root filesystem to copy from, <c>$ROOTFS</c>.</summary>
    public const string RootFs = Root + "/rootfs";

    /// <summary>The store of the lesson's vitrine.</summary>
    public const string Store = Root + "/store";

    /// <summary>The runtime directory of the lesson's vitrine.</summary>
    public const string Run = Root + "/run";

    /// <summary>Commands that lessons have besides the host's: <c>cg</c>, <c>eventually</c>.</summary>
    public const string Commands = Root + "/bin";

    /// <summary>What steps run, and what it said.</summary>
    public const string Steps = Root + "/steps";

    /// <summary>Cgroups of labs are called this and the lab's id, in every hierarchy.</summary>
    public const string CgroupPrefix = "vitrine-lab-";

    /// <summary>The file that a lab with this id holds a lock on while it is there.</summary>
    public static string LockOf(string id) => $"{Root}/{id}.lock";
}
