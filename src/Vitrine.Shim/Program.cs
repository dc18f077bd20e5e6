using Vitrine.Linux;
using Vitrine.Shim;
using Vitrine.Shim.Namespaces;
using Vitrine.Shim.Oci;
using Vitrine.ShimProtocol.Codec;

// The name the program is called by decides what it is; one binary serves all of them.
var name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
if (name == NamespaceRequestCodec.ProgramName)
    return NamespaceEntry.Run(args);
if (!name.Contains("oci", StringComparison.Ordinal))
    return Entry.Run(args);
// What becomes a part of a container must not bring a way to our own file; a shim is started behind a seal by its engine.
if (args.Any(argument => argument is "create" or "run" or "exec" or "start"))
    SealedProgram.Enter(Environment.GetCommandLineArgs());
return OciEntry.Run(args);
