using Vitrine.Commands;
using Vitrine.Commands.CommandLine;
using Vitrine.Images.Registry;
using Vitrine.Oci;

namespace Vitrine.Cli.Verbs;

/// <summary><c>vitrine login</c></summary>
internal sealed class LoginVerb : Verb
{
    private readonly ValueFlag<string> _password;
    private readonly BoolFlag _passwordStdin;
    private readonly ValueFlag<string> _user;

    public LoginVerb()
    {
        _password = Flags.Text("password", 'p', "Password or Personal Access Token (PAT)");
        _passwordStdin = Flags.Bool("password-stdin", "Take the Password or Personal Access Token (PAT) from stdin");
        _user = Flags.Text("username", 'u', "Username");
    }

    public override string Usage => "[OPTIONS] [SERVER]";

    public override string Details => "Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override async Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var server = arguments.Count > 0 ? arguments[0] : ImageReference.DefaultRegistry;
        var directory = cli.Globals.ConfigDirectory;
        var before = RegistryLogin.Find(server, directory);
        var login = Given(cli) ?? Kept(cli, server, directory) ?? Ask(cli, server);
        using var interrupt = new Interrupt();
        await RegistryLogin.CheckAsync(server, login, null, interrupt.Token);
        if (RegistryLogin.Store(server, login, directory) is { } file && login != before)
        {
            cli.Screen.Error.Write($"\nWARNING! Your credentials are stored unencrypted in '{file}'.\n"
                + "Configure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n");
        }

        cli.Print("Login Succeeded");
        return 0;
    }

    /// <summary>The login on the command line, or null where it holds none.</summary>
    private RegistryCredentials? Given(CliContext cli)
    {
        if (_password.IsSet)
        {
            if (_passwordStdin.Value)
                throw new VitrineException(ErrorKind.Invalid, "conflicting options: cannot specify both --password and --password-stdin");
            cli.Screen.Error.WriteLine("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
            if (string.IsNullOrEmpty(_password.Value))
                throw new VitrineException(ErrorKind.Invalid, "password is empty");
        }

        if (!_passwordStdin.Value)
            return string.IsNullOrEmpty(_user.Value) || !_password.IsSet ? null : new RegistryCredentials(_user.Value, _password.Value!);
        if (string.IsNullOrEmpty(_user.Value))
            throw new VitrineException(ErrorKind.Invalid, "the --password-stdin option requires --username to be set");
        var password = Prompt.ReadAll().TrimEnd('\n').TrimEnd('\r');
        return password.Length > 0 ? new RegistryCredentials(_user.Value, password) : null;
    }

    private RegistryCredentials? Kept(CliContext cli, string server, string directory)
    {
        if (!string.IsNullOrEmpty(_user.Value) || _password.IsSet || RegistryLogin.Find(server, directory) is not { } kept)
            return null;
        cli.Screen.Error.WriteLine($"Authenticating with existing credentials... [Username: {kept.User}]\n\n Info -> To login with a different account, run '{ProgramName.Text} logout' followed by '{ProgramName.Text} login'\n\n");
        return kept;
    }

    private RegistryCredentials Ask(CliContext cli, string server)
    {
        if (!cli.Screen.InputIsTerminal)
            throw new VitrineException(ErrorKind.Invalid, "Cannot perform an interactive login from a non TTY device");
        if (RegistryLogin.HostOf(server) == ImageReference.DefaultRegistry)
            cli.Print("Log in with your Docker ID or email address to push and pull images from Docker Hub.");
        var user = _user.Value is { Length: > 0 } given ? given : Prompt.Ask(cli.Screen, "Username: ", hidden: false);
        if (user.Length == 0)
            throw new VitrineException(ErrorKind.Invalid, "username is required");
        var password = _password.Value is { Length: > 0 } known ? known : Prompt.Ask(cli.Screen, "Password: ", hidden: true);
        return password.Length > 0 ? new RegistryCredentials(user, password) : throw new VitrineException(ErrorKind.Invalid, "password is required");
    }
}

/// <summary><c>vitrine logout</c></summary>
internal sealed class LogoutVerb : Verb
{
    public override string Usage => "[SERVER]";

    public override string Details => "Log out from a registry.\nIf no server is specified, the default is Docker Hub.";

    public override ArgumentCount Arguments => ArgumentCount.AtMost(1);

    public override Task<int> RunAsync(CliContext cli, IReadOnlyList<string> arguments)
    {
        var server = RegistryLogin.HostOf(arguments.Count > 0 ? arguments[0] : ImageReference.DefaultRegistry);
        cli.Print($"Removing login credentials for {(server == ImageReference.DefaultRegistry ? "https://index.docker.io/v1/" : server)}");
        RegistryLogin.Erase(server, cli.Globals.ConfigDirectory);
        return Task.FromResult(0);
    }
}
