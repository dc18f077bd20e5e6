using Vitrine.Commands.CommandLine;

namespace Vitrine.Glass.Namespaces;

/// <summary>An option that may be given without a value: <c>--net</c>, <c>--net=FILE</c>.</summary>
internal sealed class OptionalFlag(string name, char shorthand, string value, string description) : Flag(name, shorthand, $"[={value}]", description)
{
    /// <summary>The value; empty where none was given.</summary>
    public string Value { get; private set; } = "";

    /// <summary>Whether it came with a value.</summary>
    public bool HasValue => Value.Length > 0;

    public override string? ImpliedValue => "";

    protected override void Accept(string text) => Value = text;
}
