using Vitrine.Shim;

// The name the program is called by decides what it is; one binary serves all of them.
return Entry.Run(args);
