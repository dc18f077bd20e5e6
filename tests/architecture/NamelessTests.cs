using Xunit;

namespace Vitrine.Tests.Architecture;

/// <summary>
/// vitrine-shim is compiled without names of types and members (IlcDisableReflection): they were a seventh of it. What asks for one at run
/// time would get a number, or fail, and only there; so nothing that is linked into it may ask.
/// </summary>
public sealed class NamelessTests
{
    private static readonly string[] s_linked =
        ["Vitrine.Linux", "Vitrine.Oci", "Vitrine.Filters", "Vitrine.Runtime", "Vitrine.Network", "Vitrine.ShimProtocol", "Vitrine.Shim"];

    // Never reached from the shim's program: its own readers and writers take the place of the serializer, and the engine makes profiles.
    // A record's members are never written there (Linking/Unused.xml).
    private static readonly string[] s_elsewhere =
        ["ShimJson", "RuntimeJson", "ImageJson", "ManifestProbe", "DistributionJson", "DefaultSeccompProfile", "ObservedProfile", ".PrintMembers:"];

    [Fact]
    public void Code_AsksForNoNamesOfTypesAndEnums()
    {
        var enums = new HashSet<string>(s_linked.SelectMany(project => IlReader.EnumsOf(Assembly(project))));

        var found = s_linked.SelectMany(project => IlReader.QuestionsForNames(Assembly(project), enums))
            .Where(place => !s_elsewhere.Any(place.Contains))
            .ToList();

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static string Assembly(string project)
    {
        var name = project == "Vitrine.Shim" ? "vitrine-shim" : project;
        var path = Path.Combine(Repository.Source, project, "bin/Release/net9.0", name + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build Vitrine.slnx in Release");
    }
}
