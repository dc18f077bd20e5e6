namespace Vitrine.Network;

/// <summary>What System.Linq would cost the shim a tenth of a megabyte for.</summary>
internal static class Lists
{
    public static List<TResult> ConvertAll<T, TResult>(this IEnumerable<T> items, Func<T, TResult> convert)
    {
        var list = new List<TResult>();
        foreach (var item in items)
            list.Add(convert(item));
        return list;
    }

    public static T? Find<T>(this IEnumerable<T> items, Predicate<T> which)
        where T : class
    {
        foreach (var item in items)
        {
            if (which(item))
                return item;
        }
        return null;
    }
}
