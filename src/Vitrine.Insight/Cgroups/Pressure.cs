using System.Globalization;

namespace Vitrine.Insight.Cgroups;

/// <summary>Reads pressure stall information (Documentation/accounting/psi.rst): of the group with v2, else of the whole host.</summary>
internal static class Pressure
{
    private static readonly (string Resource, string Controller)[] s_resources = [("cpu", "cpu"), ("memory", "memory"), ("io", "io")];

    /// <param name="view">The groups.</param>
    /// <param name="host">Reads a file of the host's /proc; null where it is not there.</param>
    public static List<PressureFact> Read(CgroupView view, Func<string, string?> host)
    {
        var facts = new List<PressureFact>();
        foreach (var (resource, controller) in s_resources)
        {
            var place = view.In(controller) is { Version: 2 } own && own.Path != "/" ? own : null;
            var file = place is null ? $"{ExplainContext.ProcRoot}/pressure/{resource}" : $"{place.Directory}/{resource}.pressure";
            var text = place is null ? host($"pressure/{resource}") : view.ReadFile($"{resource}.pressure", file);
            if (Parse(text) is { } some)
                facts.Add(some with { Resource = resource, OfHost = place is null, Source = file });
        }

        return facts;
    }

    // some avg10=0.00 avg60=0.00 avg300=0.00 total=0 - and a second line for "full"
    internal static PressureFact? Parse(string? text)
    {
        PressureFact? fact = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("some ", StringComparison.Ordinal))
                fact = new PressureFact { Some10 = Value(line, "avg10="), Some60 = Value(line, "avg60="), Some300 = Value(line, "avg300="), TotalMicroseconds = (long)Value(line, "total=") };
            else if (line.StartsWith("full ", StringComparison.Ordinal) && fact is not null)
                fact = fact with { Full10 = Value(line, "avg10=") };
        }

        return fact;
    }

    private static double Value(ReadOnlySpan<char> line, string key)
    {
        var start = line.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
            return 0;
        var rest = line[(start + key.Length)..];
        var end = rest.IndexOf(' ');
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
