using Vitrine.Cli;

return await new CliProgram().RunAsync(args);
