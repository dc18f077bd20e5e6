namespace Vitrine.Engine.Creation;

/// <summary>Collects all that is wrong with a request, and what is merely odd, so that the user is told everything at once.</summary>
internal sealed class Problems
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(string error)
    {
        if (!_errors.Contains(error))
            _errors.Add(error);
    }

    public void AddIf(bool wrong, string error)
    {
        if (wrong)
            Add(error);
    }

    public void Warn(string warning) => _warnings.Add(warning);

    /// <exception cref="VitrineException">Invalid, with every problem on a line of its own.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw new VitrineException(ErrorKind.Invalid, string.Join('\n', _errors));
    }
}
