using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>One direction: request, engine, images, shim, kernel. A reference that is not listed is not allowed (docs/architecture.md).</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Vitrine.Linux"] = [],
        ["Vitrine.Oci"] = [],
        ["Vitrine.ShimProtocol"] = ["Vitrine.Linux", "Vitrine.Oci"],
        ["Vitrine.Filters"] = ["Vitrine.Linux", "Vitrine.Oci"],
        ["Vitrine.Runtime"] = ["Vitrine.Linux", "Vitrine.Oci", "Vitrine.Filters"],
        ["Vitrine.Network"] = ["Vitrine.Linux"],
        ["Vitrine.Shim"] = ["Vitrine.Runtime", "Vitrine.Network", "Vitrine.ShimProtocol"],
        ["Vitrine.Images"] = ["Vitrine.Linux", "Vitrine.Oci"],
        ["Vitrine.Dockerfile"] = [],
        ["Vitrine.Build"] = ["Vitrine.Dockerfile", "Vitrine.Images", "Vitrine.Oci"],
        ["Vitrine.Secrets"] = ["Vitrine.Linux"],
        ["Vitrine.Insight"] = ["Vitrine.Linux", "Vitrine.Oci", "Vitrine.Secrets"],
        ["Vitrine.Scan"] = ["Vitrine.Oci"],
        ["Vitrine.Engine"] =
        [
            "Vitrine.Linux", "Vitrine.Oci", "Vitrine.ShimProtocol", "Vitrine.Network", "Vitrine.Images", "Vitrine.Dockerfile", "Vitrine.Build",
            "Vitrine.Scan", "Vitrine.Filters",
        ],
        ["Vitrine.Api"] = ["Vitrine.Engine", "Vitrine.Secrets"],
        ["Vitrine.Commands"] = ["Vitrine.Linux", "Vitrine.Oci"],
        ["Vitrine.Cli"] = ["Vitrine.Commands", "Vitrine.Engine"],
        ["Vitrine.Glass"] = ["Vitrine.Commands", "Vitrine.Insight", "Vitrine.Secrets", "Vitrine.ShimProtocol", "Vitrine.Linux", "Vitrine.Oci", "Vitrine.Filters"],
    };

    /// <summary>Packages that end up in a binary; analyzers do not.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
    };

    public static TheoryData<string> Projects => [.. Repository.ProjectFiles.Select(file => Path.GetFileNameWithoutExtension(file))];

    [Fact]
    public void Projects_AreFound() => Assert.True(Repository.ProjectFiles.Count() >= 9, "src/ has lost projects, or is not where it is looked for");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_AreListed(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the design");
        var references = Repository.Items(FileOf(project), "ProjectReference").ToList();

        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_AreListed(string project)
    {
        var packages = Repository.Items(FileOf(project), "PackageReference").ToList();

        Assert.Empty(packages.Except(AllowedPackages.GetValueOrDefault(project, [])));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Framework_IsTheBareOneExceptInTheApi(string project)
    {
        if (project != "Vitrine.Api")
            Assert.Empty(Repository.Items(FileOf(project), "FrameworkReference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_IsInTheSolution(string project) =>
        Assert.Contains($"src/{project}/{project}.csproj", File.ReadAllText(Path.Combine(Repository.Root, "Vitrine.slnx")));

    private static string FileOf(string project) => Path.Combine(Repository.Source, project, $"{project}.csproj");
}
