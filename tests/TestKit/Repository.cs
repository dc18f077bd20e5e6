namespace Vitrine.TestKit;

/// <summary>Where the tests find what was built.</summary>
public static class Repository
{
    /// <summary>The checkout, found upwards from the test program.</summary>
    public static string Root { get; } = FindRoot();

    public static string Binary(string name)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("VITRINE_BIN") ?? Path.Combine(Root, "out", "bin"), name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: ./test publishes it before the tests run");
    }

    /// <summary>The OCI layout with the test images (tests/images/build makes it).</summary>
    public static string ImageLayout
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("VITRINE_TEST_CACHE") ?? "/var/cache/vitrine-test";
            using var script = File.OpenRead(Path.Combine(Root, "tests", "images", "build"));
            var version = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(script))[..12];
            var layout = Path.Combine(cache, $"images-{version}");
            return Directory.Exists(layout)
                ? layout
                : throw new DirectoryNotFoundException($"{layout} is missing: run tests/images/build");
        }
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Vitrine.slnx")))
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("no Vitrine.slnx above the test program");
        return directory;
    }
}
