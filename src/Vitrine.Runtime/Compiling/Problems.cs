using System.Runtime.CompilerServices;

namespace Vitrine.Runtime;

/// <summary>Everything that is wrong with a configuration, so that it can be told at once.</summary>
internal sealed class Problems
{
    // What a hostile configuration could make of the message.
    private const int MostTold = 20;

    private readonly List<string> _list = [];
    private int _more;

    /// <summary>Notes a problem unless the condition holds.</summary>
    public void Unless(bool condition, [InterpolatedStringHandlerArgument("condition")] ref ProblemText problem)
    {
        if (!condition)
            Add(problem.ToString());
    }

    public void Add(string problem)
    {
        if (_list.Count < MostTold)
            _list.Add(problem);
        else
            _more++;
    }

    /// <exception cref="VitrineException">There was a problem.</exception>
    public void Throw()
    {
        if (_list.Count == 0)
            return;
        var more = _more > 0 ? $"; and {_more} more" : "";
        throw Invalid.Configuration(string.Join("; ", _list) + more);
    }
}

/// <summary>The words for a problem, put together only where there is one.</summary>
[InterpolatedStringHandler]
internal ref struct ProblemText
{
    private DefaultInterpolatedStringHandler _text;

    public ProblemText(int literalLength, int formattedCount, bool condition, out bool wanted)
    {
        wanted = !condition;
        _text = wanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted(string? text) => _text.AppendLiteral(text ?? "");

    public void AppendFormatted(long number) => _text.AppendFormatted(number);

    public override string ToString() => _text.ToStringAndClear();
}
