using Vitrine.Commands.Templates;

namespace Vitrine.Commands.Output;

/// <summary>
/// <c>--format</c> of verbs that list: <c>table</c>, <c>table TEMPLATE</c>, <c>json</c> or a template for each row.
/// </summary>
public sealed class RowFormat
{
    private const string TablePrefix = "table";

    private readonly Template _template;
    private readonly bool _isTable;

    private RowFormat(Template template, bool isTable) => (_template, _isTable) = (template, isTable);

    /// <summary>Reads a format.</summary>
    /// <param name="format">What --format says; null or empty for the default table.</param>
    /// <param name="defaultColumns">The template of that table.</param>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public static RowFormat Parse(string? format, string defaultColumns)
    {
        if (format is null or "" or TablePrefix)
            return new(Template.Parse(defaultColumns), true);
        if (format == "json")
            return new(Template.Parse("{{json .}}"), false);
        var isTable = format.StartsWith(TablePrefix + " ", StringComparison.Ordinal);
        var text = isTable ? format[TablePrefix.Length..].Trim(' ') : format;
        text = text.Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        return new(Template.Parse(text), isTable);
    }

    /// <summary>Prints the rows, under the header where the format is a table.</summary>
    public void Print(TextWriter output, ITemplateObject header, IEnumerable<ITemplateObject> rows)
    {
        using var text = new StringWriter { NewLine = "\n" };
        foreach (var row in rows)
        {
            _template.Execute(text, row);
            text.Write('\n');
        }

        output.Write(_isTable ? TableWriter.Align(Header(header) + text) : text.ToString());
    }

    /// <summary>Prints one row for itself, its cells two blanks apart where the format is a table.</summary>
    public void PrintRow(TextWriter output, ITemplateObject row)
    {
        using var text = new StringWriter { NewLine = "\n" };
        _template.Execute(text, row);
        output.Write($"{(_isTable ? text.ToString().Replace("\t", "  ", StringComparison.Ordinal) : text)}\n");
    }

    private string Header(ITemplateObject header)
    {
        using var text = new StringWriter();
        _template.ExecuteHeader(text, header);
        return text + "\n";
    }
}

/// <summary>The header names of a table.</summary>
public sealed class HeaderRow(IReadOnlyDictionary<string, string> names) : ITemplateObject
{
    public string TypeName => "formatter.SubHeaderContext";

    public IEnumerable<string> FieldNames => names.Keys;

    public bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        // {{.Label "com.example.some-name"}} heads its column with "some name".
        value = name == "Label" && arguments is [string label]
            ? label[(label.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ')
            : names.GetValueOrDefault(name);
        return true;
    }
}
