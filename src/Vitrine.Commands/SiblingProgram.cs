using Vitrine.Linux;

namespace Vitrine.Commands;

/// <summary>The programs that are installed together.</summary>
public static class SiblingProgram
{
    /// <summary>Becomes another program of the same directory: the pid, the streams and the environment stay. Returns only by an exception.</summary>
    /// <param name="name">Its file's name.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="calledBy">The name that it is called by, where it is another: a program may be more than one.</param>
    /// <exception cref="VitrineException">Unavailable: it is not there, or cannot be executed.</exception>
    public static void Become(string name, IReadOnlyList<string> arguments, string? calledBy = null)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        try
        {
            ThisProcess.Execute(path, [calledBy ?? name, .. arguments]);
        }
        catch (LinuxException e)
        {
            throw new VitrineException(ErrorKind.Unavailable, $"{path}, which does this, cannot be started ({e.Errno}): install {name} beside vitrine", e);
        }
    }
}
