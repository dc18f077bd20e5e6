using System.Runtime.InteropServices;

namespace Vitrine.Linux.Seccomp;

/// <summary>The code that looks at arguments, written once for all calls, of all ABIs, that are decided by the same clauses.</summary>
internal sealed class ArgumentChains(BpfWriter writer)
{
    private readonly List<(List<Clause> Clauses, bool Narrow, Target Target)> _written = [];

    /// <summary>Where the clauses' code is; it is written where it was not.</summary>
    /// <param name="clauses">The first that holds answers.</param>
    /// <param name="otherwise">The answer where none holds; the same for all of a filter.</param>
    /// <param name="narrow">Whether the ABI's arguments have 32 bits.</param>
    public Target TargetOf(List<Clause> clauses, SeccompAction otherwise, bool narrow)
    {
        foreach (var (known, width, target) in _written)
            if (width == narrow && CollectionsMarshal.AsSpan(known).SequenceEqual(CollectionsMarshal.AsSpan(clauses)))
                return target;
        var label = new ArgumentCode(writer, otherwise, narrow).Write(clauses);
        _written.Add((clauses, narrow, new Target(default, label)));
        return _written[^1].Target;
    }
}
