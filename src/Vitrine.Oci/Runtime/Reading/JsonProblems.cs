using System.Globalization;

namespace Vitrine.Oci.Runtime.Reading;

/// <summary>Everything in a document that has the wrong form, each with the path of its place: <c>process.rlimits[1].soft</c>.</summary>
internal sealed class JsonProblems
{
    private const int Most = 20;

    private readonly List<string> _places = [];
    private readonly List<string> _problems = [];

    public bool Any => _problems.Count > 0;

    /// <summary>The place of the value at hand.</summary>
    public string Path => _places.Count == 0 ? "document" : string.Concat(_places).TrimStart('.');

    public void Enter() => _places.Add("");

    public void Leave() => _places.RemoveAt(_places.Count - 1);

    public void At(string field) => _places[^1] = "." + field;

    public void At(int index) => _places[^1] = string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    public void Add(string problem)
    {
        if (_problems.Count < Most)
            _problems.Add(problem);
    }

    public override string ToString() => string.Join("; ", _problems);
}
