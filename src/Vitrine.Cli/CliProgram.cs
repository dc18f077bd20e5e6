using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Commands.Templates;
using Vitrine.Engine;

namespace Vitrine.Cli;

/// <summary><c>vitrine</c>: docker's commands over the engine; those of the glass box are handed on to vitrine-glass.</summary>
internal sealed class CliProgram : CommandProgram
{
    protected override CommandSet Commands => CommandTable.Set;

    protected override string Unknown(string form) => CommandTable.Unknown(form);

    protected override Task<int> RunAsync(VerbGrammar verb, Invocation call) =>
        ((Verb)verb).RunAsync(new CliContext(call.Globals, call.Screen) { Form = call.Form, CommandLine = call.CommandLine }, call.Arguments);

    protected override int? ExitCodeOf(Exception error) => (error as ContainerStartException)?.ExitCode ?? (error as TemplateException)?.ExitCode;
}
