using FsCheck;
using FsCheck.Fluent;
using Vitrine.Secrets;
using Vitrine.TestKit;
using Xunit;

namespace Vitrine.Tests.Unit.Secrets;

public sealed class SecretTests
{
    private static readonly Fingerprint Key = new("0123456789abcdef"u8);

    [Theory]
    // By name.
    [InlineData("POSTGRES_PASSWORD", "hunter2")]
    [InlineData("MYSQL_ROOT_PASSWORD", "123456")]
    [InlineData("DB_PASS", "x y")]
    [InlineData("dbPassword", "swordfish")]
    [InlineData("dbpassword", "swordfish")]
    [InlineData("PGPASSWORD", "swordfish")]
    [InlineData("CLIENT_SECRET", "abc")]
    [InlineData("GITHUB_TOKEN", "abc")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("API_KEY", "a1b2c3d4e5")]
    [InlineData("APIKEY", "abc")]
    [InlineData("SSH_PASSPHRASE", "open sesame")]
    [InlineData("SECRET_KEY_BASE", "0a1b2c3d4e")]
    [InlineData("ENCRYPTION_KEY", "0a1b2c3d4e")]
    // By form, whatever the name.
    [InlineData("X", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("X", "ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U")]
    [InlineData("X", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")]
    [InlineData("X", "-----BEGIN PRIVATE KEY-----")]
    [InlineData("DATABASE_URL", "postgres://app:s3cr3t@db:5432/x")]
    [InlineData("DATABASE_URL", "postgres://app:p@ss@db/x")]
    [InlineData("AMQP", "amqp://guest:a/b@mq")]
    [InlineData("CONN", "Server=db;User=sa;Password=Pa55;Encrypt=true")]
    [InlineData("X", "$6$saltsalt$0123456789abcdef0123456789abcdef")]
    [InlineData("X", "glpat-abcdefghij0123456789")]
    [InlineData("STRIPE", "sk_live_0123456789abcdefABCDEF")]
    // By randomness.
    [InlineData("SESSION", "9fXq2Lm8VtR4kPz7WcY1bN6sHd3G")]
    public void Inspect_Secrets_AreFound(string name, string value) => Assert.NotEmpty(SecretDetector.Inspect(name, value));

    [Theory]
    [InlineData("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin")]
    [InlineData("POSTGRES_PASSWORD_FILE", "/run/secrets/password")]
    [InlineData("PASSWORD_FILE", "secrets.txt")]
    [InlineData("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D")]
    [InlineData("NGINX_GPGKEY", "573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62")]
    [InlineData("PYTHON_SHA256", "8d4f5c1b2a3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde")]
    [InlineData("GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567")]
    [InlineData("TOKEN_TTL", "3600")]
    [InlineData("TOKEN_URL", "https://login.example/oauth2/token")]
    [InlineData("SECRET_NAME", "web-cert")]
    [InlineData("MAX_TOKENS", "0")]
    [InlineData("TOKENIZERS_PARALLELISM", "false")]
    [InlineData("PASSWORD_AUTHENTICATION", "no")]
    [InlineData("DB_PASSWORD", "")]
    [InlineData("DB_PASSWORD", "${DB_PASSWORD}")]
    [InlineData("DB_PASSWORD", "/run/secrets/db")]
    [InlineData("KEYBOARD", "us-intl-2024")]
    [InlineData("MONKEY", "chimpanzee1")]
    [InlineData("COMPASS", "north-west-1")]
    [InlineData("BYPASS", "localhost,127.0.0.1")]
    [InlineData("PWD", "/srv/app1")]
    [InlineData("SSH_AUTH_SOCK", "/tmp/ssh-XXXX1234/agent.99")]
    [InlineData("SORT_KEY", "name")]
    [InlineData("SECRETARY", "jane")]
    [InlineData("HOMEPAGE", "https://example.org:8080/a@b")]
    [InlineData("REPO", "https://user@example.org/x.git")]
    [InlineData("JAVA_OPTS", "-Xmx512m -Dfile.encoding=UTF-8")]
    [InlineData("LS_COLORS", "rs=0:di=01;34:ln=01;36:mh=00:pi=40;33")]
    [InlineData("INVOCATION_ID", "dGhpc0lzQVZlcnlSYW5kb21JZDEyMzQ1Ng")]
    [InlineData("CLASSPATH", "lib/FooBarBazQuxQuuxCorgeGraultGarply")]
    [InlineData("UUID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8")]
    [InlineData("IMAGE", "registry.example/team/app@sha256:8d4f5c1b2a3e4f50")]
    public void Inspect_HarmlessValues_AreNot(string name, string value) => Assert.Empty(SecretDetector.Inspect(name, value));

    [Theory]
    [InlineData("postgres://app:s3cr3t@db/x", "s3cr3t")]
    [InlineData("one redis://:pw1@a two amqp://u:pw2@b", "pw1|pw2")]
    public void Inspect_Url_MarksOnlyThePassword(string value, string secrets) =>
        Assert.Equal(secrets.Split('|'), SecretDetector.Inspect("URL", value).Select(match => value.Substring(match.Start, match.Length)));

    [Theory]
    [InlineData("app|--password=hunter2", "hunter2")]
    [InlineData("app|--password|hunter2", "hunter2")]
    [InlineData("app|--db-token|abcdef", "abcdef")]
    [InlineData("env|API_TOKEN=abc|app", "abc")]
    [InlineData("docker|run|-e|DB_PASSWORD=abc|img", "abc")]
    [InlineData("mysql|-phunter2|-uroot", "hunter2")]
    [InlineData("/usr/bin/redis-cli|-a|hunter2|ping", "hunter2")]
    [InlineData("redis-server|--requirepass|hunter2", "hunter2")]
    [InlineData("curl|-u|me:hunter2|http://x", "hunter2")]
    [InlineData("curl|-H|Authorization: Bearer abc.def|http://x", "abc.def")]
    [InlineData("psql|postgres://u:hunter2@db/x", "hunter2")]
    [InlineData("sh|-c|export TOKEN='abc def'; exec app", "abc def")]
    [InlineData("sh|-c|app --password 'two words' --verbose", "two words")]
    [InlineData("sh|-c|echo don't; export TOKEN=abcd", "abcd")]
    [InlineData("sh|-c|mysql -phunter2 -e 'select 1'", "hunter2")]
    [InlineData("sh|-c|app --password \"hunter2\"", "hunter2")]
    public void Scan_CommandLines_FindsTheSecret(string command, string secret)
    {
        var arguments = command.Split('|');

        var redacted = string.Join(' ', new SecretRedactor(Key, reveal: false).Redact(arguments));

        Assert.Contains($"#{Key.Of(secret)}", redacted, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, redacted, StringComparison.Ordinal);
    }

    public static TheoryData<string> PlantedVariables => [.. SecretCorpus.Variables.Select(planted => planted.Name)];

    public static TheoryData<int> PlantedArguments => [.. Enumerable.Range(0, SecretCorpus.Arguments.Count)];

    [Theory]
    [MemberData(nameof(PlantedVariables))]
    public void Inspect_PlantedVariable_IsHiddenWhole(string name)
    {
        var planted = SecretCorpus.Variables.Single(one => one.Name == name);
        var matches = SecretDetector.Inspect(name, planted.Value);

        Assert.NotEmpty(matches);
        AssertHidden(planted.Secret, new SecretRedactor(Key, reveal: false).Redact(planted.Value, matches));
    }

    [Theory]
    [MemberData(nameof(PlantedArguments))]
    public void Scan_PlantedArgument_IsHiddenWhole(int number)
    {
        var planted = SecretCorpus.Arguments[number];
        var redacted = new SecretRedactor(Key, reveal: false).Redact([.. planted.Name.Split(' '), planted.Value]);

        AssertHidden(planted.Secret, string.Join(' ', redacted));
        Assert.Equal(planted.Name, string.Join(' ', redacted[..^1]));
    }

    [Fact]
    public void Corpus_Harmless_IsLeftAlone()
    {
        Assert.Empty(SecretCorpus.Harmless.Where(one => SecretDetector.Inspect(one.Name, one.Value).Count > 0).Select(one => one.Name));
        Assert.Empty(SecretCorpus.HarmlessCommands.Where(one => ArgumentScanner.Scan(one.Split('|')).Count > 0));
    }

    private static void AssertHidden(string secret, string shown)
    {
        Assert.Contains("[hidden: ", shown, StringComparison.Ordinal);
        // Not a part of it either.
        Assert.DoesNotContain(secret[^8..], shown, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[..Math.Min(secret.Length, 12)], shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Redact_Reveal_ShowsEverything() =>
        Assert.Equal(["--password=hunter2"], new SecretRedactor(Key, reveal: true).Redact(["--password=hunter2"]));

    [Fact]
    public void Detection_ArbitraryText_NeitherThrowsNorMarksOutside() => Prop.ForAll<NonNull<string>, NonNull<string>>((name, value) =>
    {
        var matches = SecretDetector.Inspect(name.Get, value.Get);
        _ = ArgumentScanner.Scan([name.Get, value.Get, $"--password={value.Get}", $"{name.Get} {value.Get}"]);
        _ = new SecretRedactor(Key, reveal: false).Redact([$"{name.Get}={value.Get}", value.Get, $"x://a:{value.Get}@b Password={name.Get};"]);
        return matches.All(match => match.Start >= 0 && match.Length > 0 && match.End <= value.Get.Length)
            && matches.Zip(matches.Skip(1)).All(pair => pair.First.End <= pair.Second.Start);
    }).Check(Properties.Config(1000));

    [Fact]
    public void Redact_AnyLongPassword_IsNeverPrinted() => Prop.ForAll<NonNull<string>>(text =>
    {
        var secret = "Zq7" + new string([.. text.Get.Where(char.IsAsciiLetterOrDigit)]) + "9xW";
        var redacted = new SecretRedactor(Key, reveal: false).Redact(
            ["app", $"--password={secret}", "--token", secret, $"PASSWORD={secret}", $"https://u:{secret}@h/", $"sh -c 'DB_PASS={secret} run'"]);
        return !redacted.Any(argument => argument.Contains(secret, StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    /// <summary>The first vectors of the reference implementation: key 00..0f, messages 00, 00 01, ...</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31ul)]
    [InlineData(1, 0x74f839c593dc67fdul)]
    [InlineData(8, 0x93f5f5799a932462ul)]
    [InlineData(15, 0xa129ca6149be45e5ul)]
    public void SipHash_ReferenceVectors_Match(int length, ulong hash)
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

        Assert.Equal(hash, new Fingerprint(key).Hash(key.AsSpan(0, length)));
    }
}
