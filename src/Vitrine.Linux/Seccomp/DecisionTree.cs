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
    /// <summary>Adds a range, or lets the last one go on where it leads to the same target.</summary>
    public static void Append(List<DecisionRange> ranges, uint start, Target target)
    {
        if (ranges.Count == 0 || ranges[^1].Target != target)
            ranges.Add(new DecisionRange(start, target));
    }

    /// <summary>Writes the search and returns its first instruction's label.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="ranges">At least one; the first holds from zero (or from where the caller already knows the value to be).</param>
    public static int Write(BpfWriter writer, ReadOnlySpan<DecisionRange> ranges)
    {
        if (ranges.Length == 1)
            return ranges[0].Target.Place(writer);
        if (IsOneValueApart(ranges))
        {
            var apart = ranges[1].Target.Place(writer);
            return writer.Branch(BpfWriter.JumpEqual, ranges[1].Start, apart, ranges[0].Target.Place(writer));
        }

        var middle = Middle(ranges);
        var high = Write(writer, ranges[middle..]);
        var low = Write(writer, ranges[..middle]);
        return writer.Branch(BpfWriter.JumpGreaterOrEqual, ranges[middle].Start, high, low);
    }

    /// <summary>One value between two ranges that lead to the same target: a single comparison tells.</summary>
    private static bool IsOneValueApart(ReadOnlySpan<DecisionRange> ranges) =>
        ranges.Length == 3 && ranges[0].Target == ranges[2].Target && ranges[2].Start - ranges[1].Start == 1;

    /// <summary>
    /// The half, moved by one where that leaves a value of its own whole: three ranges that <see cref="IsOneValueApart"/> cost one
    /// comparison instead of two.
    /// </summary>
    private static int Middle(ReadOnlySpan<DecisionRange> ranges)
    {
        var half = ranges.Length / 2;
        if (half >= 3 && !IsOneValueApart(ranges[(half - 3)..half]) && IsOneValueApart(ranges[(half - 2)..(half + 1)]))
            return half + 1;
        return half;
    }
}
