using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Images.Push;

/// <summary>Brings one blob into a repository: not at all where it is there, else without its bytes, else with as few of them as possible.</summary>
internal sealed class BlobPush(ImageStore store, RegistryClient client, Descriptor blob, LayerProgress? progress)
{
    /// <param name="sources">Repositories of the registry that may have it.</param>
    /// <param name="cancellation">Ends the push.</param>
    public async Task RunAsync(IReadOnlyList<string> sources, CancellationToken cancellation)
    {
        if (await client.HasBlobAsync(blob.Digest, cancellation).ConfigureAwait(false))
        {
            progress?.Report("Layer already exists");
            return;
        }

        var session = await client.BeginUploadAsync(blob.Digest, sources.Count > 0 ? sources[0] : null, cancellation).ConfigureAwait(false);
        if (session is null)
        {
            progress?.Report($"Mounted from {sources[0]}");
            return;
        }

        await UploadAsync(session, cancellation).ConfigureAwait(false);
        progress?.Report("Pushed");
    }

    private async Task UploadAsync(Uri begun, CancellationToken cancellation)
    {
        Uri? session = begun;
        var offset = 0L;
        for (var failures = 0; ;)
        {
            try
            {
                session ??= await client.BeginUploadAsync(blob.Digest, null, cancellation).ConfigureAwait(false);
                if (session is null)
                    return;
                if (offset < blob.Size || offset == 0)
                    session = await client.SendBlobAsync(session, () => store.Blobs.OpenRead(blob.Digest), offset, blob.Size, Report, cancellation).ConfigureAwait(false);
                offset = blob.Size;
                await client.FinishUploadAsync(session, blob.Digest, cancellation).ConfigureAwait(false);
                return;
            }
            catch (RegistryException error) when (error.IsTransient && ++failures < RetryPolicy.MaxAttempts)
            {
                progress?.Report("Retrying");
                await client.Retry.WaitAsync(failures, error.RetryAfter, cancellation).ConfigureAwait(false);
                (session, offset) = session is not null && await client.FindUploadAsync(session, cancellation).ConfigureAwait(false) is { } known
                    && known.Offset <= blob.Size ? known : (null, 0);
            }
        }
    }

    private void Report(long position) => progress?.Report("Pushing", position);
}
