namespace Vitrine.Network;

/// <summary>What kind of failure it is; the engine maps it to its own kinds.</summary>
public enum NetworkFailure
{
    /// <summary>It is never done: a predefined network, or one that containers are in.</summary>
    Forbidden,

    /// <summary>Asked for what cannot be.</summary>
    Invalid,

    /// <summary>No such network.</summary>
    NotFound,

    /// <summary>A name, address or port is taken, a network is in use.</summary>
    Conflict,

    /// <summary>A file of ours cannot be read.</summary>
    Damaged,
}

/// <summary>An error meant for the user, in docker's words where docker has some.</summary>
public sealed class NetworkException(NetworkFailure failure, string message) : IOException(message)
{
    public NetworkFailure Failure => failure;
}
