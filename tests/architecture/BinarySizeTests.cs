using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>Size budgets of what is shipped. This publishes nothing: it looks at what ./test has published.</summary>
public sealed class BinarySizeTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData("vitrine-shim", "Vitrine.Shim", 4)]
    [InlineData("vitrine", "Vitrine.Cli", 12)]
    [InlineData("vitrine-glass", "Vitrine.Glass", 8)]
    [InlineData("vitrined", "Vitrine.Api", 16)]
    public void Binary_IsWithinItsBudget(string binary, string project, int mebibytes)
    {
        var path = Path.Combine(Repository.Root, "out/bin", binary);
        Assert.True(File.Exists(path), $"out/bin/{binary} is missing: run ./test, or: dotnet publish src/{project} -c Release -r linux-x64 -o out/bin");

        var size = new FileInfo(path).Length;

        Assert.True(size <= mebibytes * MiB, $"{binary} has {size / (double)MiB:f2} MiB, its budget is {mebibytes} MiB");
    }
}
