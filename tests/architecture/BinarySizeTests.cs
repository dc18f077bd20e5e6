using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>Size budgets of what is shipped. This publishes nothing: it looks at what ./test has published.</summary>
public sealed class BinarySizeTests
{
    private const long KiB = 1 << 10;

    /// <summary>vitrine-shim and vitrine-oci together have 4 MiB.</summary>
    private const int LauncherKiB = 8;

    [Theory]
    [InlineData("vitrine-shim", "Vitrine.Shim", 4 * 1024 - LauncherKiB)]
    [InlineData("vitrine-oci", "Vitrine.Shim", LauncherKiB)]
    [InlineData("vitrine", "Vitrine.Cli", 12 * 1024)]
    [InlineData("vitrine-glass", "Vitrine.Glass", 8 * 1024)]
    [InlineData("vitrined", "Vitrine.Api", 16 * 1024)]
    public void Binary_IsWithinItsBudget(string binary, string project, int kibibytes)
    {
        var path = Path.Combine(Repository.Root, "out/bin", binary);
        Assert.True(File.Exists(path), $"out/bin/{binary} is missing: run ./test, or: dotnet publish src/{project} -c Release -r linux-x64 -o out/bin");

        var size = new FileInfo(path).Length;

        Assert.True(size <= kibibytes * KiB, $"{binary} has {size / KiB} KiB, its budget is {kibibytes} KiB");
    }
}
