using Microsoft.AspNetCore.Connections;

namespace Vitrine.Api.Hijacking;

/// <summary>A request that becomes a stream, with the connection it came on.</summary>
/// <param name="Connection">The connection; its transport is nobody else's.</param>
/// <param name="Head">The request.</param>
/// <param name="Body">Its body; null where it was too long.</param>
internal sealed record HijackedRequest(ConnectionContext Connection, RequestHead Head, ReadOnlyMemory<byte>? Body);
