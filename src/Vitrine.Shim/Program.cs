using Vitrine.Shim;
using Vitrine.Shim.Oci;

// The name the program is called by decides what it is; one binary serves all of them.
var name = Path.GetFileName(Environment.GetCommandLineArgs()[0]);
return name.Contains("oci", StringComparison.Ordinal) ? OciEntry.Run(args) : Entry.Run(args);
