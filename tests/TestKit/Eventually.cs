using Xunit;

namespace Vitrine.TestKit;

/// <summary>Waits for what another process will do soon, instead of sleeping for a guess.</summary>
public static class Eventually
{
    /// <summary>Polls until <paramref name="condition"/> holds; fails the test with <paramref name="what"/> after the limit.</summary>
    public static void True(Func<bool> condition, string what, double seconds = 10)
    {
        var end = Environment.TickCount64 + (long)(seconds * 1000);
        while (!condition())
        {
            if (Environment.TickCount64 > end)
                Assert.Fail($"not within {seconds} s: {what}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Polls until the value is the expected one; fails with both after the limit.</summary>
    public static void Equal<T>(T expected, Func<T> value, double seconds = 10)
    {
        var end = Environment.TickCount64 + (long)(seconds * 1000);
        T last;
        while (!EqualityComparer<T>.Default.Equals(expected, last = value()))
        {
            if (Environment.TickCount64 > end)
            {
                Assert.Equal(expected, last);
                return;
            }
            Thread.Sleep(20);
        }
    }
}
