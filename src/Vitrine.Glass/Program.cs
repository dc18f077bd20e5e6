using Vitrine.Glass;

return await new GlassProgram().RunAsync(args);
