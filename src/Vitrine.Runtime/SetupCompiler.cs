using Vitrine.Oci.Runtime;

namespace Vitrine.Runtime;

/// <summary>Compiles OCI configurations to setup programs.</summary>
public static class SetupCompiler
{
    /// <summary>The program that becomes the container's first process.</summary>
    public static SetupProgram Compile(Spec spec, SetupOptions options) => throw new NotImplementedException();

    /// <summary>The program that becomes a further process of a running container.</summary>
    public static SetupProgram CompileExec(Spec containerSpec, ProcessSpec process, ExecTarget target, bool privileged) =>
        throw new NotImplementedException();
}
