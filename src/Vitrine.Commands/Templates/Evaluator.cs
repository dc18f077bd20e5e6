namespace Vitrine.Commands.Templates;

/// <summary>Walks a parsed template over its data and writes what it makes, as Go's text/template does.</summary>
public sealed class Evaluator(Lexer source, TextWriter output, object? root, bool forHeader)
{
    private readonly List<Variable> _variables = [new("$") { Value = root }];

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    /// <summary>Executes the nodes with the root value as dot.</summary>
    public void Execute(IReadOnlyList<Node> body) => Walk(body, root);

    private Flow Walk(IReadOnlyList<Node> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            var flow = Walk(node, dot);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    private Flow Walk(Node node, object? dot)
    {
        switch (node)
        {
            case TextNode text:
                output.Write(text.Text);
                return Flow.Next;
            case ActionNode action:
                var value = Evaluate(action.Pipe, dot);
                if (action.Pipe.Variables.Count == 0)
                    output.Write(value is null ? "<no value>" : GoText.Print(value));
                return Flow.Next;
            case LoopControlNode control:
                return control.Breaks ? Flow.Break : Flow.Continue;
            case BranchNode branch:
                var scope = _variables.Count;
                var flow = branch.Keyword == "range" ? Range(branch, dot) : Choose(branch, dot);
                _variables.RemoveRange(scope, _variables.Count - scope);
                return flow;
            default:
                throw new InvalidOperationException($"not a statement: {node}");
        }
    }

    private Flow Choose(BranchNode branch, object? dot)
    {
        var value = Evaluate(branch.Pipe, dot);
        if (Truth.Of(value))
            return Walk(branch.Body, branch.Keyword == "with" ? value : dot);
        return branch.Else is null ? Flow.Next : Walk(branch.Else, dot);
    }

    private Flow Range(BranchNode branch, object? dot)
    {
        var items = Items(branch, Evaluate(branch.Pipe, dot));
        var any = false;
        foreach (var item in items)
        {
            any = true;
            var scope = _variables.Count;
            SetLoopVariables(branch.Pipe, item);
            var flow = Walk(branch.Body, item.Value);
            _variables.RemoveRange(scope, _variables.Count - scope);
            if (flow == Flow.Break)
                break;
        }

        return any || branch.Else is null ? Flow.Next : Walk(branch.Else, dot);
    }

    private IEnumerable<LoopItem> Items(BranchNode branch, object? value) => value switch
    {
        null => [],
        long count => Count(count),
        TemplateMap map => map.SortedKeys.Select(key => new LoopItem(key, map[key])),
        IReadOnlyList<object?> list => list.Select((item, i) => new LoopItem((long)i, item)),
        _ => throw Error(branch.Pipe, $"range can't iterate over {GoText.Print(value)}"),
    };

    private static IEnumerable<LoopItem> Count(long count)
    {
        for (var i = 0L; i < count; i++)
            yield return new LoopItem(i, i);
    }

    private void SetLoopVariables(PipeNode pipe, LoopItem item)
    {
        var values = pipe.Variables.Count == 1 ? new[] { item.Value } : [item.Key, item.Value];
        for (var i = 0; i < pipe.Variables.Count; i++)
        {
            if (pipe.Assigns)
                Assign(pipe.Variables[i], values[i]);
            else
                _variables.Add(new Variable(pipe.Variables[i]) { Value = values[i] });
        }
    }

    private void Assign(string name, object? value) => _variables.FindLast(v => v.Name == name)!.Value = value;

    private object? Evaluate(PipeNode pipe, object? dot)
    {
        object? value = null;
        for (var i = 0; i < pipe.Commands.Count; i++)
            value = Evaluate(pipe.Commands[i], dot, i == 0 ? [] : [value]);
        foreach (var name in pipe.Variables)
        {
            if (pipe.Assigns)
                Assign(name, value);
            else
                _variables.Add(new Variable(name) { Value = value });
        }

        return value;
    }

    /// <param name="command">The command.</param>
    /// <param name="dot">The value of dot.</param>
    /// <param name="piped">The value of the command before it, as a list of one; empty for the first.</param>
    private object? Evaluate(CommandNode command, object? dot, IReadOnlyList<object?> piped)
    {
        var first = command.Arguments[0];
        switch (first)
        {
            case FieldNode field:
                return Fields(dot, field, field.Names, () => Arguments(command, dot, piped));
            case VariableNode variable when variable.Fields.Count > 0:
                return Fields(ValueOf(variable), variable, variable.Fields, () => Arguments(command, dot, piped));
            case ChainNode chain:
                return Fields(Operand(chain.Operand, dot), chain, chain.Fields, () => Arguments(command, dot, piped));
            case FunctionNode function:
                return Call(function, command, dot, piped);
        }

        if (command.Arguments.Count > 1 || piped.Count > 0)
            throw Error(first, $"can't give argument to non-function {first}");
        return first is NilNode ? throw Error(first, "nil is not a command") : Operand(first, dot);
    }

    private object? Operand(Node node, object? dot) => node switch
    {
        DotNode => dot,
        NilNode => null,
        ConstantNode constant => constant.Value,
        PipeNode pipe => Evaluate(pipe, dot),
        FieldNode field => Fields(dot, field, field.Names, () => []),
        VariableNode variable => Fields(ValueOf(variable), variable, variable.Fields, () => []),
        ChainNode chain => Fields(Operand(chain.Operand, dot), chain, chain.Fields, () => []),
        FunctionNode function => Call(function, new CommandNode(function.Position, [function]), dot, []),
        _ => throw Error(node, $"can't handle {node} as an operand"),
    };

    private object? ValueOf(VariableNode node) => _variables.FindLast(v => v.Name == node.Name)!.Value;

    private List<object?> Arguments(CommandNode command, object? dot, IReadOnlyList<object?> piped) =>
        [.. command.Arguments.Skip(1).Select(a => Operand(a, dot)), .. piped];

    /// <summary>Follows a chain of field names; only the last may take arguments.</summary>
    private object? Fields(object? receiver, Node node, IReadOnlyList<string> names, Func<IReadOnlyList<object?>> arguments)
    {
        for (var i = 0; i < names.Count; i++)
            receiver = Field(receiver, node, names[i], i == names.Count - 1 ? arguments() : []);
        return receiver;
    }

    private object? Field(object? receiver, Node node, string name, IReadOnlyList<object?> arguments)
    {
        switch (receiver)
        {
            case ITemplateObject row:
                return row.TryGet(name, arguments, out var value)
                    ? value
                    : throw Error(node, $"can't evaluate field {name} in type {row.TypeName}");
            case TemplateMap when arguments.Count > 0:
                throw Error(node, $"{name} is not a method but has arguments");
            case TemplateMap map:
                return map.TryGetValue(name, out var entry) || map.IsOpen || IsLeftOut(name) || map.TryGetField(name, out entry)
                    ? entry
                    : throw Error(node, $"map has no entry for key {GoText.Quote(name)}");
            case null:
                throw Error(node, $"nil pointer evaluating interface {{}}.{name}");
            default:
                throw Error(node, $"can't evaluate field {name} in type {GoText.TypeOf(receiver)}");
        }
    }

    private object? Call(FunctionNode node, CommandNode command, object? dot, IReadOnlyList<object?> piped)
    {
        var function = Functions.Find(node.Name, forHeader) ?? throw Error(node, $"{GoText.Quote(node.Name)} is not a defined function");
        CheckCount(node, function, command.Arguments.Count - 1 + piped.Count);
        if (node.Name is "and" or "or")
            return ShortCircuit(node.Name == "and", command, dot, piped);

        var arguments = new List<object?>(command.Arguments.Count);
        for (var i = 1; i < command.Arguments.Count; i++)
            arguments.Add(Checked(command.Arguments[i], Operand(command.Arguments[i], dot), function, i - 1));
        foreach (var value in piped)
            arguments.Add(Checked(node, value, function, arguments.Count));
        try
        {
            return function.Call(arguments);
        }
        catch (TemplateFunctionException e)
        {
            throw Error(command, $"error calling {node.Name}: {e.Message}");
        }
    }

    private object? ShortCircuit(bool isAnd, CommandNode command, object? dot, IReadOnlyList<object?> piped)
    {
        object? value = null;
        foreach (var argument in command.Arguments.Skip(1))
        {
            value = Operand(argument, dot);
            if (Truth.Of(value) != isAnd)
                return value;
        }

        return piped.Count > 0 ? piped[0] : value;
    }

    private void CheckCount(FunctionNode node, TemplateFunction function, int count)
    {
        if (count >= function.Minimum && (function.IsVariadic || count == function.Minimum))
            return;
        var wanted = function.IsVariadic ? $"at least {function.Minimum}" : $"{function.Minimum}";
        throw Error(node, $"wrong number of args for {node.Name}: want {wanted} got {count}");
    }

    private object? Checked(Node node, object? value, TemplateFunction function, int position)
    {
        var kind = position < function.Parameters.Length ? function.Parameters[position] : ParameterKind.Any;
        if (kind == ParameterKind.Any || (kind == ParameterKind.String && value is string) || (kind == ParameterKind.Integer && value is long))
            return value;
        var wanted = kind == ParameterKind.String ? "string" : "int";
        throw Error(node, node is ConstantNode
            ? $"expected {(kind == ParameterKind.String ? "string" : "integer")}; found {node}"
            : $"wrong type for value; expected {wanted}; got {GoText.TypeOf(value)}");
    }

    private TemplateException Error(Node node, string reason) =>
        TemplateException.Executing(source.LineOf(node.Position), source.ColumnOf(node.Position), node.ToString(), reason);

    private sealed class Variable(string name)
    {
        public string Name => name;

        public object? Value { get; set; }
    }

    private sealed record LoopItem(object? Key, object? Value);

    /// <summary>What Go leaves out of the JSON and still knows: <c>{{if .State.Health}}</c> is how scripts ask for it.</summary>
    private static bool IsLeftOut(string name) => name is "Health";
}
