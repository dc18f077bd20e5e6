using Vitrine.Commands;
using Vitrine.Commands.CommandLine;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine completion SHELL</c>: a script that asks <see cref="CompleteVerb"/> at each tab.</summary>
internal sealed class CompletionVerb : Verb
{
    private const string Bash = """
        # bash completion for vitrine. Load it with: source <(vitrine completion bash)
        _vitrine() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                COMPREPLY+=("$(printf '%q' "${line%%$'\t'*}")")
            done < <(vitrine __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default
        }
        complete -F _vitrine vitrine
        """;

    private const string Zsh = """
        #compdef vitrine
        # zsh completion for vitrine. Load it with: source <(vitrine completion zsh)
        _vitrine() {
            local -a found
            local line
            while IFS= read -r line; do
                found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done < <(vitrine __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            if (( ${#found} )); then _describe 'vitrine' found; else _files; fi
        }
        compdef _vitrine vitrine
        """;

    private const string Fish = """
        # fish completion for vitrine. Load it with: vitrine completion fish | source
        function __vitrine_complete
            set -l words (commandline -opc) (commandline -ct)
            vitrine __complete -- $words[2..-1] 2>/dev/null
        end
        complete -c vitrine -f -a '(__vitrine_complete)'
        """;

    public override string Usage => "bash|zsh|fish";

    public override ArgumentCount Arguments => ArgumentCount.Exactly(1);

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var script = arguments[0] switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            var other => throw new VitrineException(ErrorKind.Invalid, $"no completion for the shell '{other}': there is one for bash, zsh and fish"),
        };
        cli.Print(script.Replace("vitrine", ProgramName.Text, StringComparison.Ordinal));
        return Task.FromResult(0);
    }
}
