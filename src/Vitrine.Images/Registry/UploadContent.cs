using System.Net;

namespace Vitrine.Images.Registry;

/// <summary>The rest of a blob as the body of a request. Told of each piece that is on its way, so that a slow upload is no broken one.</summary>
/// <param name="open">Opens the blob.</param>
/// <param name="offset">Where to begin.</param>
/// <param name="length">Bytes from there on.</param>
/// <param name="progress">Told how many bytes of the blob have been sent.</param>
internal sealed class UploadContent(Func<Stream> open, long offset, long length, Action<long> progress) : HttpContent
{
    private const int PieceSize = 128 * 1024;

    /// <summary>Called before each piece.</summary>
    public Action? KeepAlive { get; set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var content = open();
        await using (content.ConfigureAwait(false))
        {
            content.Position = offset;
            var piece = new byte[PieceSize];
            for (var sent = 0L; sent < length;)
            {
                var read = await content.ReadAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, length - sent)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    throw new VitrineException(ErrorKind.Internal, "a blob became shorter while it was sent");
                KeepAlive?.Invoke();
                await stream.WriteAsync(piece.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                sent += read;
                progress(offset + sent);
            }
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
