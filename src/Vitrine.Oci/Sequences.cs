namespace Vitrine;

/// <summary>
/// The everyday operators of LINQ, in their plain form. System.Linq specialises each operator for each pair of element
/// types and each kind of source, which ahead-of-time compilation turns into 1.4 MB of code in the CLI; these take a
/// seventh of that. Standing in the namespace around all of Vitrine's, they are found before those of System.Linq; what is
/// not here (OrderBy, GroupBy...) is found there as ever.
/// </summary>
public static class Sequences
{
    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector)
    {
        foreach (var item in source)
            yield return selector(item);
    }

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, int, TResult> selector)
    {
        var index = 0;
        foreach (var item in source)
            yield return selector(item, index++);
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (predicate(item))
                yield return item;
        }
    }

    public static IEnumerable<TResult> SelectMany<T, TResult>(this IEnumerable<T> source, Func<T, IEnumerable<TResult>> selector)
    {
        foreach (var item in source)
        {
            foreach (var inner in selector(item))
                yield return inner;
        }
    }

    public static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        foreach (var item in first)
            yield return item;
        foreach (var item in second)
            yield return item;
    }

    public static IEnumerable<T> Append<T>(this IEnumerable<T> source, T item)
    {
        foreach (var own in source)
            yield return own;
        yield return item;
    }

    public static IEnumerable<T> Prepend<T>(this IEnumerable<T> source, T item)
    {
        yield return item;
        foreach (var own in source)
            yield return own;
    }

    public static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)
    {
        foreach (var item in source)
        {
            if (count-- <= 0)
                yield return item;
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)
    {
        if (count <= 0)
            yield break;
        foreach (var item in source)
        {
            yield return item;
            if (--count == 0)
                yield break;
        }
    }

    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null)
    {
        var seen = new HashSet<T>(comparer);
        foreach (var item in source)
        {
            if (seen.Add(item))
                yield return item;
        }
    }

    public static IEnumerable<T> DefaultIfEmpty<T>(this IEnumerable<T> source, T fallback)
    {
        var any = false;
        foreach (var item in source)
        {
            any = true;
            yield return item;
        }

        if (!any)
            yield return fallback;
    }

    public static bool Any<T>(this IEnumerable<T> source)
    {
        using var enumerator = source.GetEnumerator();
        return enumerator.MoveNext();
    }

    public static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (predicate(item))
                return true;
        }

        return false;
    }

    public static bool All<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (!predicate(item))
                return false;
        }

        return true;
    }

    public static int Count<T>(this IEnumerable<T> source)
    {
        var count = 0;
        foreach (var _ in source)
            count++;
        return count;
    }

    public static int Count<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        var count = 0;
        foreach (var item in source)
            count += predicate(item) ? 1 : 0;
        return count;
    }

    public static T? FirstOrDefault<T>(this IEnumerable<T> source)
    {
        foreach (var item in source)
            return item;
        return default;
    }

    public static T? FirstOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (predicate(item))
                return item;
        }

        return default;
    }

    public static List<T> ToList<T>(this IEnumerable<T> source) => new(source);

    public static T[] ToArray<T>(this IEnumerable<T> source) => new List<T>(source).ToArray();

    public static Dictionary<TKey, TValue> ToDictionary<T, TKey, TValue>(this IEnumerable<T> source, Func<T, TKey> key, Func<T, TValue> value,
        IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        var map = new Dictionary<TKey, TValue>(comparer);
        foreach (var item in source)
            map.Add(key(item), value(item));
        return map;
    }
}
