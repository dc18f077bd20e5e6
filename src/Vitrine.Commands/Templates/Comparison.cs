namespace Vitrine.Commands.Templates;

/// <summary>eq, ne, lt, le, gt and ge over values of one basic kind, as in Go's text/template.</summary>
public static class Comparison
{
    /// <summary>The comparison of a name, or null.</summary>
    public static TemplateFunction? Find(string name) => name switch
    {
        "eq" => new(2, true, [], a => a.Skip(1).Any(other => AreEqual(a[0], other))),
        "ne" => Binary((a, b) => !AreEqual(a, b)),
        "lt" => Binary((a, b) => Compare(a, b) < 0),
        "le" => Binary((a, b) => Compare(a, b) <= 0),
        "gt" => Binary((a, b) => Compare(a, b) > 0),
        "ge" => Binary((a, b) => Compare(a, b) >= 0),
        _ => null,
    };

    private static TemplateFunction Binary(Func<object?, object?, bool> compare) => new(2, false, [], a => compare(a[0], a[1]));

    private static bool AreEqual(object? first, object? second) => (first, second) switch
    {
        (null, _) or (_, null) => first is null && second is null,
        (TemplateMap or ITemplateObject or IReadOnlyList<object?>, _) or (_, TemplateMap or ITemplateObject or IReadOnlyList<object?>) =>
            throw new TemplateFunctionException("non-comparable type " + GoText.TypeOf(first)),
        _ when first.GetType() != second.GetType() => throw Incompatible(),
        _ => first.Equals(second),
    };

    private static int Compare(object? first, object? second) => (first, second) switch
    {
        (long a, long b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (string a, string b) => string.CompareOrdinal(a, b),
        (long or double or string, long or double or string) => throw Incompatible(),
        _ => throw new TemplateFunctionException("invalid type for comparison"),
    };

    private static TemplateFunctionException Incompatible() => new("incompatible types for comparison");
}
