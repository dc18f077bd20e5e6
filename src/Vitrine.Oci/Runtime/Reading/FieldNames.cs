namespace Vitrine.Oci.Runtime.Reading;

/// <summary>
/// The names of the fields of every object that is being read: which of two equal fields counts is a matter of taste among
/// parsers, and so a way to show one thing to who checks and another to who runs.
/// </summary>
internal sealed class FieldNames
{
    private const int MostInOneObject = 4096;

    private readonly List<string> _names = [];
    private readonly List<int> _starts = [];

    public void Begin() => _starts.Add(_names.Count);

    public void End()
    {
        var start = _starts[^1];
        _starts.RemoveAt(_starts.Count - 1);
        _names.RemoveRange(start, _names.Count - start);
    }

    /// <summary>Notes a name of the object that began last; what is wrong with it, or null.</summary>
    public string? Add(string name)
    {
        var start = _starts[^1];
        if (_names.Count - start >= MostInOneObject)
            return $"an object has more than {MostInOneObject} fields";
        if (_names.IndexOf(name, start) >= 0)
            return $"{name}: is there twice";
        _names.Add(name);
        return null;
    }
}
