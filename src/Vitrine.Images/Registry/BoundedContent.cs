
namespace Vitrine.Images.Registry;

/// <summary>Reads answers whole, but never more than expected.</summary>
internal static class BoundedContent
{
    /// <exception cref="RegistryException">Unavailable: it is longer than <paramref name="limit"/> bytes.</exception>
    public static async Task<byte[]> ReadBoundedAsync(this HttpContent content, int limit, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > limit)
            throw TooLong(limit);
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int count; (count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                if (body.Length + count > limit)
                    throw TooLong(limit);
                body.Write(buffer, 0, count);
            }

            return body.ToArray();
        }
    }

    private static RegistryException TooLong(int limit) =>
        new(ErrorKind.Unavailable, $"the registry's answer has more than {limit} bytes");
}
