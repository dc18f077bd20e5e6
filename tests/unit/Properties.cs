using FsCheck;

namespace Vitrine.Tests.Unit;

/// <summary>
/// How properties are checked: with the same values at each run, so that a change and not the day decides whether the tests
/// pass; with new ones where VITRINE_TEST_SEED is <c>random</c>. What a new value finds becomes an example of its own.
/// </summary>
internal static class Properties
{
    private const ulong Seed = 20261130;
    private const ulong Gamma = 0x9E3779B97F4A7C15; // odd, as splittable generators need it

    /// <summary>Throws at the first of <paramref name="tests"/> values that does not hold.</summary>
    public static Config Config(int tests = 100)
    {
        var config = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(tests);
        return Environment.GetEnvironmentVariable("VITRINE_TEST_SEED") == "random" ? config : config.WithReplay(Seed, Gamma);
    }
}
