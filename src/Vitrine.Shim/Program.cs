using Vitrine.Linux;
using Vitrine.Shim;
using Vitrine.Shim.Oci;

// The name the program is called by decides what it is; one binary serves all of them.
var name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
if (!name.Contains("oci", StringComparison.Ordinal))
    return Entry.Run(args);
// What becomes a part of a container must not bring a way to our own file; a shim is started behind a seal by its engine.
if (args.Any(argument => argument is "create" or "run" or "exec" or "start"))
    SealedProgram.Enter(Environment.GetCommandLineArgs());
return OciEntry.Run(args);
