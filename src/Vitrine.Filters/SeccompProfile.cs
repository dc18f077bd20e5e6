using System.Text.Json;
using Vitrine.Oci.Runtime;

namespace Vitrine.Filters;

/// <summary>A seccomp profile in Docker's format: rules that depend on the container's capabilities, the machine and the kernel.</summary>
public sealed partial record SeccompProfile
{
    public string? DefaultAction { get; init; }
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>The ABIs, fixed; or else <see cref="ArchMap"/>.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }
    public IReadOnlyList<ArchitectureMap>? ArchMap { get; init; }
    public IReadOnlyList<string>? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public IReadOnlyList<ProfileRule>? Syscalls { get; init; }

    /// <summary>Reads a profile.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <exception cref="VitrineException">Invalid: it is no profile.</exception>
    public static SeccompProfile Load(ReadOnlySpan<byte> json)
    {
        try
        {
            return SeccompProfileReader.Read(json);
        }
        catch (JsonException error)
        {
            throw new VitrineException(ErrorKind.Invalid, $"decoding seccomp profile failed: {error.Message}", error);
        }
    }
}

/// <summary>The ABIs that go with a machine's own.</summary>
public sealed record ArchitectureMap
{
    public string? Architecture { get; init; }
    public IReadOnlyList<string>? SubArchitectures { get; init; }
}

/// <summary>One rule of a profile.</summary>
public sealed record ProfileRule
{
    public string? Name { get; init; }
    public IReadOnlyList<string>? Names { get; init; }
    public string? Action { get; init; }
    public uint? ErrnoRet { get; init; }
    public IReadOnlyList<SyscallArgument>? Args { get; init; }
    public string? Comment { get; init; }

    /// <summary>The rule holds only where all of this is so.</summary>
    public ProfileCondition? Includes { get; init; }

    /// <summary>The rule does not hold where any of this is so.</summary>
    public ProfileCondition? Excludes { get; init; }
}

/// <summary>What a rule depends on.</summary>
public sealed record ProfileCondition
{
    /// <summary>Capabilities in the container's bounding set.</summary>
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>Machines by Go's names: amd64, arm64.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>The oldest kernel, e.g. <c>4.8</c>.</summary>
    public string? MinKernel { get; init; }
}
