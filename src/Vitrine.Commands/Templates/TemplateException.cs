namespace Vitrine.Commands.Templates;

/// <summary>A template that cannot be parsed or executed, in the words of Go's text/template.</summary>
public sealed class TemplateException : VitrineException
{
    private TemplateException(string message)
        : base(ErrorKind.Invalid, "template parsing error: template: " + message)
    {
    }

    /// <summary>The exit code of a program that ends with it.</summary>
    public int ExitCode { get; internal set; } = 1;

    /// <summary>A template that does not parse.</summary>
    /// <param name="line">One-based line of the template.</param>
    /// <param name="reason">What is wrong there.</param>
    public static TemplateException Parsing(int line, string reason) => new($":{line}: {reason}");

    /// <summary>A template that parsed but does not fit its data.</summary>
    /// <param name="line">One-based line of the template.</param>
    /// <param name="column">Zero-based column on that line.</param>
    /// <param name="context">The part of the template being evaluated.</param>
    /// <param name="reason">What is wrong with it.</param>
    public static TemplateException Executing(int line, int column, string context, string reason) =>
        new($":{line}:{column}: executing \"\" at <{context}>: {reason}");
}

/// <summary>What a template function says is wrong with its arguments; the evaluator adds where.</summary>
public sealed class TemplateFunctionException(string message) : Exception(message);
