namespace Vitrine.Linux.Seccomp;

/// <summary>A rule's condition and answer, without the names it was given for.</summary>
internal readonly record struct Clause(ArgumentTest[] Tests, SeccompAction Action)
{
    public bool Accepts(ulong argument) => Tests[0].Accepts(argument);
}

/// <summary>Writes the code that decides a system call by its arguments: the first clause that holds answers.</summary>
internal readonly struct ArgumentCode(BpfWriter writer, SeccompAction otherwise, bool narrow)
{
    /// <summary>Writes the code for a list of clauses and returns its first instruction's label.</summary>
    public int Write(List<Clause> clauses)
    {
        if (narrow)
            clauses = clauses.ConvertAll(static clause => clause with { Tests = Array.ConvertAll(clause.Tests, static test => test.Narrow()) });
        return TrySearch(clauses, out var label) ? label : WriteInOrder(clauses);
    }

    /// <summary>
    /// Where all clauses look at one and the same 32-bit quantity (an argument's low half, perhaps under a mask) and at nothing
    /// else, their answers are ranges of it and a binary search finds the right one.
    /// </summary>
    private bool TrySearch(List<Clause> clauses, out int label)
    {
        label = 0;
        var first = clauses[0].Tests[0];
        var masked = first.Comparison == Comparison.MaskedEqual;
        foreach (var (tests, _) in clauses)
        {
            var test = tests[0];
            if (tests.Length != 1 || test.Index != first.Index || test.Comparison == Comparison.MaskedEqual != masked
                || (masked ? test.Mask != first.Mask || test.Mask > uint.MaxValue : test.Value > uint.MaxValue))
                return false;
        }

        label = WriteSearch(clauses, first.Index, masked ? (uint)first.Mask : uint.MaxValue, lowHalfOnly: masked || narrow);
        return true;
    }

    private int WriteSearch(List<Clause> clauses, int index, uint mask, bool lowHalfOnly)
    {
        var next = DecisionTree.Write(writer, Ranges(clauses, mask).ToArray());
        next = writer.Load(BpfWriter.ArgumentWord(index, high: false), writer.And(mask, next));
        if (lowHalfOnly)
            return next;
        var beyond = writer.Answer(Decide(clauses, uint.MaxValue + 1UL));
        return writer.Load(BpfWriter.ArgumentWord(index, high: true), writer.Branch(BpfWriter.JumpEqual, 0, next, beyond));
    }

    private List<DecisionRange> Ranges(List<Clause> clauses, uint mask)
    {
        // An answer can change only at a value that is compared with, or right behind it.
        var edges = new List<uint>(clauses.Count * 2 + 1) { 0 };
        foreach (var clause in clauses)
        {
            var value = (uint)clause.Tests[0].Value & mask;
            edges.Add(value);
            if (value != uint.MaxValue)
                edges.Add(value + 1);
        }

        edges.Sort();
        var exact = clauses[0].Tests[0].Comparison == Comparison.MaskedEqual
            ? clauses.ConvertAll(static clause => clause with { Tests = [Unmasked(clause.Tests[0])] })
            : clauses;
        var ranges = new List<DecisionRange>();
        foreach (var edge in edges)
            DecisionTree.Append(ranges, edge, Decide(exact, edge));
        return ranges;
    }

    // The accumulator is masked already: what is left is equality.
    private static ArgumentTest Unmasked(ArgumentTest test) => new(test.Index, Comparison.Equal, test.Value & test.Mask);

    private SeccompAction Decide(List<Clause> clauses, ulong argument)
    {
        foreach (var clause in clauses)
        {
            if (clause.Accepts(argument))
                return clause.Action;
        }

        return otherwise;
    }

    private int WriteInOrder(List<Clause> clauses)
    {
        var next = writer.Answer(otherwise);
        for (var i = clauses.Count - 1; i >= 0; i--)
        {
            var pass = writer.Answer(clauses[i].Action);
            var tests = clauses[i].Tests;
            for (var j = tests.Length - 1; j >= 0; j--)
                pass = WriteTest(tests[j], pass, next);
            next = pass;
        }

        return next;
    }

    private int WriteTest(ArgumentTest test, int pass, int fail) => test.Comparison switch
    {
        Comparison.Equal => WriteEqual(test.Index, test.Value, ulong.MaxValue, pass, fail),
        Comparison.NotEqual => WriteEqual(test.Index, test.Value, ulong.MaxValue, fail, pass),
        Comparison.MaskedEqual => WriteEqual(test.Index, test.Value & test.Mask, test.Mask, pass, fail),
        Comparison.GreaterOrEqual => WriteOrder(BpfWriter.JumpGreaterOrEqual, test, pass, fail),
        Comparison.Greater => WriteOrder(BpfWriter.JumpGreater, test, pass, fail),
        Comparison.Less => WriteOrder(BpfWriter.JumpGreaterOrEqual, test, fail, pass),
        _ => WriteOrder(BpfWriter.JumpGreater, test, fail, pass),
    };

    private int WriteEqual(int index, ulong value, ulong mask, int pass, int fail)
    {
        var next = WriteHalfEqual(index, high: false, (uint)value, (uint)mask, pass, fail);
        return narrow ? next : WriteHalfEqual(index, high: true, (uint)(value >> 32), (uint)(mask >> 32), next, fail);
    }

    private int WriteHalfEqual(int index, bool high, uint value, uint mask, int pass, int fail)
    {
        if (mask == 0)
            return pass;
        var compare = writer.And(mask, writer.Branch(BpfWriter.JumpEqual, value, pass, fail));
        return writer.Load(BpfWriter.ArgumentWord(index, high), compare);
    }

    /// <summary>An order of 64-bit values: the high halves decide, unless they are equal.</summary>
    private int WriteOrder(ushort comparison, ArgumentTest test, int pass, int fail)
    {
        var low = writer.Branch(comparison, (uint)test.Value, pass, fail);
        low = writer.Load(BpfWriter.ArgumentWord(test.Index, high: false), low);
        if (narrow)
            return low;
        var high = (uint)(test.Value >> 32);
        var notAbove = high == 0 ? low : writer.Branch(BpfWriter.JumpEqual, high, low, fail);
        return writer.Load(BpfWriter.ArgumentWord(test.Index, high: true), writer.Branch(BpfWriter.JumpGreater, high, pass, notAbove));
    }
}
