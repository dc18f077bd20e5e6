using Vitrine.Linux;

namespace Vitrine.Insight;

/// <summary>Collects a section's facts and warnings; what cannot be read becomes a fact too.</summary>
internal sealed class SectionNotes(bool warn = true)
{
    private readonly List<Fact> facts = [];
    private readonly List<Warning> warnings = [];

    public IReadOnlyList<Fact> Facts => facts;

    /// <summary>Worst first; of equal ones the first noted first.</summary>
    public IReadOnlyList<Warning> Warnings => Warning.WorstFirst(warnings);

    public void Fact(string name, string value, string source, string? meaning = null) =>
        facts.Add(new Fact { Name = name, Value = value, Source = source, Meaning = meaning });

    public void Unreadable(string name, string source, Errno errno) =>
        facts.Add(new Fact { Name = name, Source = source, Error = Describe(errno) });

    /// <summary>Notes a weakness; nothing where the process is an ordinary one of the host.</summary>
    public void Warn(Severity severity, string id, string message, string? fix = null)
    {
        if (warn)
            warnings.Add(new Warning { Severity = severity, Id = id, Message = message, Fix = fix });
    }

    /// <summary>Reads, or notes why it cannot be read and gives null.</summary>
    public T? Read<T>(string name, string source, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (LinuxException refused)
        {
            Unreadable(name, source, refused.Errno);
            return null;
        }
    }

    public static string Describe(Errno errno) => $"{errno}: {errno.Describe()}";
}
