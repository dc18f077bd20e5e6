namespace Vitrine.Linux.Seccomp;

/// <summary>Where a decision leads: to an answer, or to code that looks at arguments.</summary>
internal readonly record struct Target(SeccompAction Action, int Label = Target.NoLabel)
{
    public const int NoLabel = -1;

    public static implicit operator Target(SeccompAction action) => new(action);

    /// <summary>The label to jump to from the next instruction.</summary>
    public int Place(BpfWriter writer) => Label == NoLabel ? writer.Answer(Action) : Label;
}

/// <summary>All values from <paramref name="Start"/> to the next range's start lead to one target.</summary>
internal readonly record struct DecisionRange(uint Start, Target Target);

/// <summary>A balanced binary search of the accumulator over ranges of values.</summary>
internal static class DecisionTree
{
    // More would be slower than the search that they spare (SeccompCostTests).
    private const int MostApart = 8;

    /// <summary>Adds a range, or lets the last one go on where it leads to the same target.</summary>
    public static void Append(List<DecisionRange> ranges, uint start, Target target)
    {
        if (ranges.Count == 0 || ranges[^1].Target != target)
            ranges.Add(new DecisionRange(start, target));
    }

    /// <summary>Writes the search and returns its first instruction's label.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="ranges">At least one; the first holds from zero (or from where the caller already knows the value to be).</param>
    public static int Write(BpfWriter writer, ReadOnlySpan<DecisionRange> ranges) => Write(writer, ranges, 1UL << 32);

    /// <param name="writer">Where to.</param>
    /// <param name="ranges">At least one.</param>
    /// <param name="end">One more than the value can be here.</param>
    private static int Write(BpfWriter writer, ReadOnlySpan<DecisionRange> ranges, ulong end)
    {
        if (ranges.Length == 1)
            return ranges[0].Target.Place(writer);
        if (FewValuesApart(ranges, end) is { } usual)
            return WriteChain(writer, ranges, usual);
        var middle = Middle(ranges, end);
        var high = Write(writer, ranges[middle..], end);
        var low = Write(writer, ranges[..middle], ranges[middle].Start);
        return writer.Branch(BpfWriter.JumpGreaterOrEqual, ranges[middle].Start, high, low);
    }

    /// <summary>One comparison for each value that does not lead where all others do.</summary>
    private static int WriteChain(BpfWriter writer, ReadOnlySpan<DecisionRange> ranges, Target usual)
    {
        var next = usual.Place(writer);
        for (var i = ranges.Length - 1; i >= 0; i--)
        {
            if (ranges[i].Target == usual)
                continue;
            // The answer may lie too far for the jump over what was written since: it is placed anew where needed.
            var apart = ranges[i].Target.Place(writer);
            next = writer.Branch(BpfWriter.JumpEqual, ranges[i].Start, apart, next);
        }

        return next;
    }

    /// <summary>
    /// Where all but a few single values lead to, or null where that is not so: a list of comparisons is then shorter than a search,
    /// which takes two for each, and no slower.
    /// </summary>
    private static Target? FewValuesApart(ReadOnlySpan<DecisionRange> ranges, ulong end)
    {
        if (ranges.Length > 2 * MostApart + 1)
            return null;
        Target? usual = null;
        for (var i = 0; i < ranges.Length; i++)
        {
            if (IsSingle(ranges, i, end) || ranges[i].Target == usual)
                continue;
            if (usual is not null)
                return null;
            usual = ranges[i].Target;
        }

        usual ??= ranges[0].Target;
        var apart = 0;
        foreach (var range in ranges)
            apart += range.Target == usual ? 0 : 1;
        return apart <= MostApart ? usual : null;
    }

    private static bool IsSingle(ReadOnlySpan<DecisionRange> ranges, int index, ulong end) =>
        (index + 1 < ranges.Length ? ranges[index + 1].Start : end) - ranges[index].Start == 1;

    /// <summary>The half, moved by one where it would part a single value from the range behind it, which then needs a test of its own.</summary>
    private static int Middle(ReadOnlySpan<DecisionRange> ranges, ulong end)
    {
        var half = ranges.Length / 2;
        return IsSingle(ranges, half, end) && half + 1 < ranges.Length ? half + 1 : half;
    }
}
