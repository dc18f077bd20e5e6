namespace Vitrine.Insight.Audit;

/// <summary>What an attacker who is already inside gets out of a weakness; findings are ordered by it, the greatest first.</summary>
public enum Gain
{
    /// <summary>Nothing by itself: order, traceability, one layer of defence less.</summary>
    Hygiene,

    /// <summary>Knowledge: secrets, addresses, names, logs.</summary>
    Information,

    /// <summary>The host, or others on it, stop working.</summary>
    DenialOfService,

    /// <summary>Processes, traffic or data of other containers.</summary>
    OtherContainers,

    /// <summary>Files of the host.</summary>
    HostData,

    /// <summary>Root on the host: everything.</summary>
    HostRoot,
}

/// <summary>The words for a gain.</summary>
public static class GainText
{
    /// <summary>A short heading: <c>root on the host</c>.</summary>
    public static string Describe(this Gain gain) => gain switch
    {
        Gain.HostRoot => "root on the host",
        Gain.HostData => "data of the host",
        Gain.OtherContainers => "other containers",
        Gain.DenialOfService => "denial of service",
        Gain.Information => "information",
        _ => "hygiene",
    };
}
