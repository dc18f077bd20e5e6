namespace Vitrine.Engine.Bundle;

/// <summary>Who a process runs as, resolved against the image's files.</summary>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Primary group.</param>
/// <param name="Groups">Supplementary groups; the primary one is among them, so that dropping it gains nothing (CVE-2022-36109).</param>
/// <param name="Home">The user's directory; / where the image does not say.</param>
internal sealed record ProcessUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home);
