using Vitrine.Oci;

namespace Vitrine.Images;

/// <summary>Tells of one layer in docker's words, of its bytes at most ten times a second.</summary>
internal sealed class LayerProgress(IProgress<ImageProgress>? listener, Descriptor blob)
{
    private const long Interval = 100;
    private readonly string _id = blob.Digest.Short;
    private long _last;

    public void Report(string status) => listener?.Report(new ImageProgress(status, _id));

    /// <param name="status">What happens to the bytes.</param>
    /// <param name="position">How many bytes of the blob it has happened to.</param>
    public void Report(string status, long position)
    {
        var now = Environment.TickCount64;
        if (listener is null || (now - _last < Interval && position < blob.Size))
            return;
        _last = now;
        listener.Report(new ImageProgress(status, _id, position, blob.Size));
    }
}
