namespace Vitrine.Commands.Templates;

/// <summary>
/// A template of Go's text/template language (https://pkg.go.dev/text/template) with Docker's functions, as
/// <c>--format</c> takes it. Not there: define, template and block, which one line of format has no use for, and calls of
/// function values.
/// </summary>
public sealed class Template
{
    private readonly Lexer _source;
    private readonly IReadOnlyList<Node> _body;

    private Template(Lexer source, IReadOnlyList<Node> body) => (_source, _body) = (source, body);

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It does not parse.</exception>
    public static Template Parse(string text)
    {
        var (source, body) = Parser.Parse(text);
        return new Template(source, body);
    }

    /// <summary>Parses the template of an object, which docker refuses with an exit code of its own.</summary>
    /// <exception cref="TemplateException">It does not parse.</exception>
    public static Template ParseFormat(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (TemplateException e)
        {
            e.ExitCode = 64;
            throw;
        }
    }

    /// <summary>Writes the template over a value.</summary>
    /// <exception cref="TemplateException">The template asks for what the value does not have.</exception>
    public void Execute(TextWriter output, object? value) => new Evaluator(_source, output, value, forHeader: false).Execute(_body);

    /// <summary>Writes the template over a table's header names; functions that change text leave it alone.</summary>
    public void ExecuteHeader(TextWriter output, object? value) => new Evaluator(_source, output, value, forHeader: true).Execute(_body);
}
