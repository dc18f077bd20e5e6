using Vitrine.TestKit;

namespace Vitrine.Tests.Integration;

/// <summary>A sandbox with the busybox image, shared by the tests of a class.</summary>
public sealed class BusyboxSandbox() : Sandbox("busybox");
