using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>From the configuration's seccomp section to the code that the kernel runs.</summary>
internal static class SeccompSteps
{
    public static SeccompCode? Compile(ProgramBuilder b, Seccomp seccomp)
    {
        b.Warn("seccomp not wired yet");
        return null;
    }
}
