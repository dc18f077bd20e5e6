using Vitrine.Images;
using Vitrine.Images.Store;
using Vitrine.Oci;
using Xunit;

namespace Vitrine.Tests.Unit.Images;

public sealed class RemovalPlanTests
{
    private static readonly Digest Id = Digest.Of("image"u8);
    private static readonly string Container = new('c', 64);

    [Theory]
    [InlineData("a:1", "a:1", "a:1", true)]
    [InlineData("a:1", "a:1 a:2", "a:1", false)]
    [InlineData("a", "a:latest a@D", "a:latest a@D", true)]
    [InlineData("a:1", "a:1 a@D b:1", "a:1 a@D", false)]
    [InlineData("a:1", "a:1 a:2 a@D", "a:1", false)]
    [InlineData("a@D", "a@D", "a@D", true)]
    [InlineData("ID", "a:1 a@D", "a:1 a@D", true)]
    [InlineData("ID", "", "", true)]
    [InlineData("-f ID", "a:1 b:1", "a:1 b:1", true)]
    public void Make_NoContainers_FollowsDocker(string text, string names, string untagged, bool deletes)
    {
        var plan = Make(text, names);

        Assert.Equal(Parse(untagged), plan.Untagged);
        Assert.Equal(deletes, plan.DeletesImage);
    }

    [Theory]
    [InlineData("ID", "a:1 b:1", "", "conflict: unable to delete SHORT (must be forced) - image is referenced in multiple repositories")]
    [InlineData("ID", "a:1 a:2", "", "conflict: unable to delete SHORT (must be forced) - image is referenced in multiple repositories")]
    [InlineData("a:1", "a:1", "stopped", "conflict: unable to remove repository reference \"a:1\" (must force) - container cccccccccccc is using its referenced image SHORT")]
    [InlineData("a:1", "a:1", "running", "conflict: unable to remove repository reference \"a:1\" (must force) - container cccccccccccc is using its referenced image SHORT")]
    [InlineData("-f a:1", "a:1", "running", "conflict: unable to delete SHORT (cannot be forced) - image is being used by running container cccccccccccc")]
    [InlineData("ID", "a:1", "stopped", "conflict: unable to delete SHORT (must be forced) - image is being used by stopped container cccccccccccc")]
    [InlineData("-f ID", "", "running", "conflict: unable to delete SHORT (cannot be forced) - image is being used by running container cccccccccccc")]
    public void Make_Conflict_SaysSoInDockersWords(string text, string names, string containers, string message)
    {
        var error = Assert.Throws<VitrineException>(() => Make(text, names, containers));

        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(message.Replace("SHORT", Id.Short, StringComparison.Ordinal), error.Message);
    }

    [Theory]
    [InlineData("-f a:1", "a:1", "stopped", true)]
    [InlineData("-f ID", "a:1 b:1", "stopped", true)]
    [InlineData("a:1", "a:1 b:1", "running", false)]
    public void Make_ContainersThatDoNotMatter_Goes(string text, string names, string containers, bool deletes) =>
        Assert.Equal(deletes, Make(text, names, containers).DeletesImage);

    private static RemovalPlan Make(string text, string names, string containers = "")
    {
        var force = text.StartsWith("-f ", StringComparison.Ordinal);
        var target = (force ? text[3..] : text).Replace("ID", Id.Short, StringComparison.Ordinal);
        var uses = containers.Length == 0 ? [] : new[] { new ImageUse(Id, Container, containers == "running", []) };
        return RemovalPlan.Make(WithDigest(target), Id, Parse(names), uses, force);
    }

    private static List<ImageReference> Parse(string names) =>
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => ImageReference.Parse(WithDigest(name)).WithDefaultTag()).ToList();

    private static string WithDigest(string name) => name.Replace("@D", "@" + Digest.Of("manifest"u8), StringComparison.Ordinal);
}
