using Vitrine.Network;

namespace Vitrine.Engine.Networks;

/// <summary>The network's failures as those of the engine.</summary>
internal static class NetworkErrors
{
    public static VitrineException ToVitrine(this NetworkException failure) => new(
        failure.Failure switch
        {
            NetworkFailure.Forbidden => ErrorKind.Forbidden,
            NetworkFailure.Invalid => ErrorKind.Invalid,
            NetworkFailure.NotFound => ErrorKind.NotFound,
            NetworkFailure.Conflict => ErrorKind.Conflict,
            _ => ErrorKind.Internal,
        },
        failure.Message,
        failure);

    /// <summary>Does something, its failures being the engine's.</summary>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NetworkException e)
        {
            throw e.ToVitrine();
        }
        catch (DllNotFoundException e)
        {
            throw new VitrineException(ErrorKind.Unavailable, e.Message, e);
        }
    }
}
