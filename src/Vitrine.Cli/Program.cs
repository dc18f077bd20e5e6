using Vitrine.Cli;

return await Entry.RunAsync(args);
