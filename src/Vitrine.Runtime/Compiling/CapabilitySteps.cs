using Vitrine.Linux;
using static Vitrine.Runtime.Kernel;
using OciCapabilities = Vitrine.Oci.Runtime.Capabilities;

namespace Vitrine.Runtime;

/// <summary>The five capability sets of a process, cut to what there is to give.</summary>
internal sealed class CapabilitySteps
{
    private readonly ulong _available;
    private readonly ulong _bounding;
    private readonly ulong _permitted;
    private readonly ulong _effective;
    private readonly ulong _inheritable;
    private readonly ulong _ambient;

    /// <param name="b">Takes the warnings.</param>
    /// <param name="wanted">The configuration's sets; null is none of any.</param>
    /// <param name="available">What the launcher may give.</param>
    public CapabilitySteps(ProgramBuilder b, OciCapabilities? wanted, ulong available)
    {
        _available = available;
        var missing = 0UL;
        _bounding = Parse(b, wanted?.Bounding, ref missing);
        _permitted = Parse(b, wanted?.Permitted, ref missing);
        _effective = Parse(b, wanted?.Effective, ref missing) & _permitted;
        _inheritable = Parse(b, wanted?.Inheritable, ref missing);
        _ambient = Parse(b, wanted?.Ambient, ref missing) & _permitted & _inheritable;
        if (missing != 0)
            b.Warn($"capabilities not available here: {new CapabilitySet(missing)}");
    }

    /// <summary>All of them, in the sets that a privileged process has.</summary>
    public static OciCapabilities Everything(ulong available)
    {
        var names = new CapabilitySet(available).ToNames();
        return new OciCapabilities { Bounding = names, Permitted = names, Effective = names };
    }

    /// <summary>The bounding set, while CAP_SETPCAP is still there.</summary>
    public void DropBounding(ProgramBuilder b)
    {
        b.Step("limit what capabilities can ever be gained");
        b.Do(Operation.DropBounding, (long)_bounding);
    }

    /// <summary>The other sets; <paramref name="keep"/> stays permitted and effective until <see cref="Finish"/>.</summary>
    public void Set(ProgramBuilder b, Capability? keep = null)
    {
        var extra = keep is { } capability ? CapabilitySet.Of(capability).Bits & _available : 0;
        b.Step("set capabilities", Names(_permitted | extra));
        b.Call(Syscall.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        Capset(b, _effective | extra, _permitted | extra);
        for (var bit = 0; bit < 64; bit++)
            if ((_ambient >> bit & 1) != 0)
                b.Call(Syscall.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, bit, 0, 0);
    }

    /// <summary>Gives up what <see cref="Set"/> kept.</summary>
    public void Finish(ProgramBuilder b)
    {
        b.Step("set capabilities", Names(_permitted));
        Capset(b, _effective, _permitted);
    }

    private void Capset(ProgramBuilder b, ulong effective, ulong permitted) =>
        b.Call(Syscall.capset, b.Struct(new CapabilityHeader { version = LINUX_CAPABILITY_VERSION_3 }),
            b.Struct(CapabilityData.Of(effective, permitted, _inheritable)));

    private ulong Parse(ProgramBuilder b, IReadOnlyList<string>? names, ref ulong missing)
    {
        var bits = 0UL;
        foreach (var name in names ?? [])
        {
            if (Capabilities.TryParse(name, out var capability))
                bits |= CapabilitySet.Of(capability).Bits;
            else
                b.Warn($"unknown capability: {name}");
        }

        missing |= bits & ~_available;
        return bits & _available;
    }

    private static string Names(ulong bits) => bits == 0 ? "none" : new CapabilitySet(bits).ToString();
}
