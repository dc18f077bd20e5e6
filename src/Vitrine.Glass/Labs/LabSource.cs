namespace Vitrine.Glass.Labs;

/// <summary>What a lab's image and root filesystem are made of.</summary>
/// <param name="Variables">What tells SetUp.sh.</param>
internal sealed record LabSource(IReadOnlyList<string> Variables)
{
    private const string Busybox = "busybox";

    /// <summary>Of the image that was named: an archive by its path, or one of the user's own store; of the host's busybox where none was.</summary>
    /// <exception cref="VitrineException">NotFound: there is none.</exception>
    public static LabSource Of(string? image, string userStore)
    {
        if (image is not { Length: > 0 })
            return new LabSource([$"LAB_BUSYBOX={LabProgram.Find(Busybox) ?? throw Missing()}"]);
        if (!image.Contains(".tar", StringComparison.Ordinal) && !image.StartsWith('/') && !image.StartsWith("./", StringComparison.Ordinal))
            return new LabSource([$"LAB_IMAGE={image}", $"LAB_USER_STORE={Path.GetFullPath(userStore)}"]);
        var archive = Path.GetFullPath(image);
        return File.Exists(archive) ? new LabSource([$"LAB_ARCHIVE={archive}"]) : throw new VitrineException(ErrorKind.NotFound, $"{image}: there is no such file");
    }

    private static VitrineException Missing() => new(ErrorKind.NotFound,
        "a lab makes its image of the host's busybox, and there is none: apt install busybox-static, or name an image of yours with --image");
}
