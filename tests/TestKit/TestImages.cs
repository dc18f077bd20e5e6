namespace Vitrine.TestKit;

/// <summary>The images of tests/images/build as archives, kept beside its layout.</summary>
public static class TestImages
{
    /// <summary>A docker archive with the image as NAME:latest, made at its first use.</summary>
    public static string Archive(string image)
    {
        var archive = Path.Combine(Path.GetDirectoryName(Repository.ImageLayout)!, $"{Path.GetFileName(Repository.ImageLayout)}-{image}.tar");
        if (File.Exists(archive))
            return archive;
        var temporary = $"{archive}{Environment.ProcessId}-{Environment.CurrentManagedThreadId}";
        Command.Run("skopeo", ["copy", "--quiet", "--insecure-policy", $"oci:{Repository.ImageLayout}:{image}",
            $"docker-archive:{temporary}:{image}:latest"], null, null, TimeSpan.FromMinutes(3)).ShouldSucceed();
        File.Move(temporary, archive, overwrite: true);
        return archive;
    }
}
