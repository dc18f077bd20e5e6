namespace Vitrine.Commands.Templates;

/// <summary>A part of a parsed template; its text is how Go's error messages show it.</summary>
/// <param name="Position">Where it begins in the template.</param>
public abstract record Node(int Position)
{
    protected static string Join(IEnumerable<Node> nodes, string separator) =>
        string.Join(separator, nodes.Select(n => n.ToString()));
}

/// <summary>Text outside of actions.</summary>
public sealed record TextNode(int Position, string Text) : Node(Position);

/// <summary><c>{{pipeline}}</c></summary>
public sealed record ActionNode(int Position, PipeNode Pipe) : Node(Position);

/// <summary><c>{{if}}</c>, <c>{{with}}</c> or <c>{{range}}</c>, with the list of its <c>{{else}}</c>.</summary>
public sealed record BranchNode(int Position, string Keyword, PipeNode Pipe, IReadOnlyList<Node> Body,
    IReadOnlyList<Node>? Else) : Node(Position);

/// <summary><c>{{break}}</c> or <c>{{continue}}</c>.</summary>
public sealed record LoopControlNode(int Position, bool Breaks) : Node(Position);

/// <summary>Commands joined by <c>|</c>, with the variables they are declared or assigned to.</summary>
public sealed record PipeNode(int Position, IReadOnlyList<string> Variables, bool Assigns, IReadOnlyList<CommandNode> Commands)
    : Node(Position)
{
    public override string ToString()
    {
        var declared = Variables.Count == 0 ? "" : string.Join(", ", Variables) + (Assigns ? " = " : " := ");
        return declared + Join(Commands, " | ");
    }
}

/// <summary>An operand, or a function or method with its arguments.</summary>
public sealed record CommandNode(int Position, IReadOnlyList<Node> Arguments) : Node(Position)
{
    public override string ToString() =>
        string.Join(' ', Arguments.Select(a => a is PipeNode ? $"({a})" : a.ToString()));
}

/// <summary><c>.</c></summary>
public sealed record DotNode(int Position) : Node(Position)
{
    public override string ToString() => ".";
}

/// <summary><c>nil</c></summary>
public sealed record NilNode(int Position) : Node(Position)
{
    public override string ToString() => "nil";
}

/// <summary><c>.A.B</c></summary>
public sealed record FieldNode(int Position, IReadOnlyList<string> Names) : Node(Position)
{
    public override string ToString() => "." + string.Join('.', Names);
}

/// <summary><c>$x.A.B</c></summary>
public sealed record VariableNode(int Position, string Name, IReadOnlyList<string> Fields) : Node(Position)
{
    public override string ToString() => Name + string.Concat(Fields.Select(f => "." + f));
}

/// <summary><c>(pipeline).A.B</c></summary>
public sealed record ChainNode(int Position, Node Operand, IReadOnlyList<string> Fields) : Node(Position)
{
    public override string ToString() =>
        (Operand is PipeNode ? $"({Operand})" : Operand.ToString()) + string.Concat(Fields.Select(f => "." + f));
}

/// <summary>The name of a function.</summary>
public sealed record FunctionNode(int Position, string Name) : Node(Position)
{
    public override string ToString() => Name;
}

/// <summary>A boolean, number, character or string constant.</summary>
/// <param name="Position">Where it begins in the template.</param>
/// <param name="Value">A bool, long, double or string.</param>
/// <param name="Source">As written.</param>
public sealed record ConstantNode(int Position, object Value, string Source) : Node(Position)
{
    public override string ToString() => Source;
}
