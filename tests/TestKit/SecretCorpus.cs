namespace Vitrine.TestKit;

/// <summary>A secret where a program may have it.</summary>
/// <param name="Name">The variable's name; of an argument the words before it, parted by blanks.</param>
/// <param name="Value">The variable's value, or the argument.</param>
/// <param name="Secret">The part of the value that nobody may see.</param>
public sealed record PlantedSecret(string Name, string Value, string Secret);

/// <summary>
/// Secrets of many kinds in environments and arguments, none of them real, and what only looks like one. Each is put together of two
/// parts, so that no scanner of source code takes it for a leak.
/// </summary>
public static class SecretCorpus
{
    private const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.";
    private const string KeyBody = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCplanted7Zq81xW";

    public static IReadOnlyList<PlantedSecret> Variables { get; } =
    [
        // By form.
        Whole("AWS_ACCESS_KEY_ID", "AKIA", "PLANTED7ZQ81XWAB"),
        Whole("ROLE", "ASIA", "PLANTED7ZQ81XWAC"),
        Whole("CI", "ghp", "_planted0123456789abcdefghijABCDEFGHIJ01"),
        Whole("CI_FINE", "github_pat", "_11PLANTED0planted0123456789_abcdefghij"),
        Whole("DEPLOY", "glpat", "-planted0123456789abcd"),
        Whole("CHAT", "xoxb", "-123456789012-planted0123456789"),
        Whole("PAY", "sk_live", "_planted0123456789abcdef"),
        Whole("LLM", "sk", "-proj-planted0123456789abcdefghijkl"),
        Whole("MAPS", "AIza", "SyPlanted0123456789abcdefghijklmnopq"),
        Whole("REGISTRY", "npm", "_planted0123456789abcdefghijABCDEFGHIJ01"),
        Whole("UPLOAD", "pypi", "-AgEIcHlwaS5vcmcplanted0123456789abcdefghijklmnop"),
        Whole("HUB", "dckr_pat", "_planted0123456789abcdefgh"),
        Whole("VAULT", "hvs", ".planted0123456789abcdefghijkl"),
        Whole("MAIL", "SG", ".planted0123456789abcdef.planted0123456789abcdefghijklmnopqrstuv"),
        Whole("MODEL", "hf", "_planted0123456789abcdefghijABCDEFGHIJ"),
        Whole("DROPLET", "dop_v1", "_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        Whole("BOT", "123456789:AA", "planted0123456789abcdefghijklmno_"),
        Whole("CLAIM", Token, "planted7Zq81xWdozjgNryP4J3jVmNHl0w5N"),
        Whole("PEM", "-----BEGIN RSA PRIVATE ", $"KEY-----\n{KeyBody}\n-----END RSA PRIVATE KEY-----"),
        Whole("SSH", "-----BEGIN OPENSSH PRIVATE ", $"KEY-----\n{KeyBody}Ab\n-----END OPENSSH PRIVATE KEY-----"),
        Whole("PEM_ONE_LINE", "LS0tLS1CRUdJTi", "BQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDcGxhbnRlZA=="),
        Whole("SHADOW", "$6", "$plantedsalt$0123456789abcdef0123456789abcdef0123456789abcdef"),
        Whole("HTPASSWD", "$apr1", "$planted1$0123456789abcdefghijkl"),
        Within("DATABASE_URL", "postgres://app:", "planted-pg-7Zq81xW", "@db:5432/app?sslmode=require"),
        Within("CACHE", "redis://:", "planted-redis-7Zq81xW", "@cache:6379/0"),
        Within("DOCUMENTS", "mongodb+srv://app:", "planted-mongo-7Zq81xW", "@cluster.example/db"),
        Within("QUEUE", "amqps://svc:", "planted-amqp-7Zq81xW", "@mq/vhost"),
        Within("CONN_NET", "Server=db;User Id=sa;Password=", "planted-net-7Zq81xW", ";Encrypt=true"),
        Within("CONN_FIRST", "Password=", "planted-first-7Zq81xW", ";Server=db"),
        Within("CONN_QUOTED", "Host=db;Username=app;Password='", "planted;quoted 7Zq81xW", "';Pooling=true"),
        Within("CONN_ODBC", "Driver={PostgreSQL};Uid=app;Pwd=", "planted-odbc-7Zq81xW", ";"),
        Within("BLOBS", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=", "planted0123456789abcdefghij==", ";EndpointSuffix=core"),
        Within("BUS", "Endpoint=sb://b/;SharedAccessKeyName=n;SharedAccessKey=", "plantedbus0123456789abcdefghij=", ""),
        Within("DOCKER_AUTH_CONFIG", "{\"auths\":{\"registry.example\":{\"auth\":\"", "cGxhbnRlZDo3WnE4MXhX", "\"}}}"),
        Within("SETTINGS", "{\"host\":\"db\", \"password\": \"", "planted-json-7Zq81xW", "\", \"port\":5432}"),
        Within("SERVICE_ACCOUNT", "{\"type\":\"service_account\",\"private_key\":\"", $"-----BEGIN PRIVATE KEY-----\\n{KeyBody}Cd\\n-----END PRIVATE KEY-----\\n", "\"}"),
        Within("UPSTREAM_HEADER", "Authorization: Basic ", "cGxhbnRlZDpiYXNpYzdacTgxeFc=", ""),
        Within("UPSTREAM_BEARER", "Bearer ", "planted.bearer.7Zq81xW", ""),
        Within("CALLBACK", "https://api.example/hook?access_token=", "planted-query-7Zq81xW", "&v=2"),
        Within("DOWNLOAD", "https://store.example/f?se=2030&sig=", "planted%2Bsig7Zq81xW%3D", ""),
        Within("NOTIFY", "https://hooks.slack.com/services/", "T0PLANTED/B0PLANTED/planted0123456789abcdef", ""),
        // By name.
        Whole("POSTGRES_PASSWORD", "planted-", "name-7Zq81xW"),
        Whole("MYSQL_PWD", "planted", "mysqlword"),
        Whole("REDISCLI_AUTH", "planted", "redisword"),
        Whole("smtpPassword", "planted-", "camel-7Zq81xW"),
        Whole("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/", "K7MDENG/plantedRfiCYEXAMPLE"),
        Whole("AWS_SESSION_TOKEN", "FwoGZXIvYXdzEPlanted", "//////////wEaD7Zq81xW"),
        Whole("TWILIO_AUTH_TOKEN", "planted", "0123456789abcdef0123456789"),
        Whole("SECRET_KEY_BASE", "planted", "0123456789abcdef0123456789abcdef"),
        Whole("SSH_PASSPHRASE", "planted ", "correct horse battery"),
        Whole("OAUTH_CLIENT_SECRET", "planted-", "oauth-7Zq81xW"),
        Whole("APP_KEY", "base64:", "planted0123456789abcdefghij="),
        Whole("SENTRY_DSN", "https://", "planted0123456789@o1.ingest.example/1"),
        // By randomness alone.
        Whole("SEED", "9fXq2Lm8Vt", "R4kPz7WcY1bN6sHd3Gplanted"),
    ];

    /// <summary>Words of a command line that holds one secret.</summary>
    public static IReadOnlyList<PlantedSecret> Arguments { get; } =
    [
        Within("app", "--password=", "planted-option-7Zq81xW", ""),
        Whole("app --password", "planted-", "next-7Zq81xW"),
        Whole("app --db-token", "planted-", "token-7Zq81xW"),
        Within("app -e", "DB_PASSWORD=", "planted-e-7Zq81xW", ""),
        Within("kubectl create secret generic x", "--from-literal=password=", "planted-literal-7Zq81xW", ""),
        Within("helm upgrade x --set", "db.password=", "planted-helm-7Zq81xW", ""),
        Within("java", "-Djavax.net.ssl.keyStorePassword=", "planted-java-7Zq81xW", ""),
        Within("mysql", "-p", "planted-mysql-7Zq81xW", ""),
        Whole("/usr/bin/redis-cli -a", "planted-", "rediscli-7Zq81xW"),
        Whole("redis-server --requirepass", "planted-", "requirepass-7Zq81xW"),
        Whole("sshpass -p", "planted-", "sshpass-7Zq81xW"),
        Whole("docker login -u me -p", "planted-", "login-7Zq81xW"),
        Whole("ldapsearch -D cn=me -w", "planted-", "ldap-7Zq81xW"),
        Within("curl -u", "me:", "planted-curl-7Zq81xW", ""),
        Within("curl -H", "Authorization: Bearer ", "planted-header-7Zq81xW", ""),
        Within("curl -H", "Authorization: Basic ", "cGxhbnRlZDpoZWFkZXI3WnE4MXhX", ""),
        Within("openssl rsa -passin", "pass:", "planted-openssl-7Zq81xW", ""),
        Within("psql", "postgresql://app:", "planted-psql-7Zq81xW", "@db/x"),
        Within("psql", "host=db user=app password=", "planted-keyword-7Zq81xW", " dbname=x"),
        Within("sh -c", "export API_TOKEN='", "planted quoted 7Zq81xW", "'; exec app"),
        Within("app", "--config={\"token\":\"", "planted-config-7Zq81xW", "\"}"),
        Whole("app", "ghs", "_planted0123456789abcdefghijABCDEFGHIJ02"),
    ];

    /// <summary>Variables that hold no secret, whatever they look like.</summary>
    public static IReadOnlyList<(string Name, string Value)> Harmless { get; } =
    [
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/postgres"),
        ("MYSQL_PWD_FILE", "/run/secrets/mysql"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("PASSWORD_AUTHENTICATION", "no"),
        ("TOKEN_ENDPOINT", "https://login.example/oauth2/token"),
        ("TOKEN_TTL", "3600"),
        ("MAX_TOKENS", "0"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("API_KEY_HEADER", "X-Api-Key"),
        ("KEYCLOAK_URL", "https://id.example:8443/auth"),
        ("KEYBOARD", "us-intl-2024"),
        ("SECRET_NAME", "web-cert-2024"),
        ("SECRETARY", "jane"),
        ("PASSENGER_APP_ENV", "production"),
        ("PASSIVE_PORTS", "30000-30009"),
        ("BYPASS", "localhost,127.0.0.1"),
        ("COMPASS", "north-west-1"),
        ("AUTHOR", "Jane Doe 2024"),
        ("SUDO_ASKPASS", "/usr/bin/ssh-askpass"),
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
        ("NGINX_GPGKEY", "573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62"),
        ("PYTHON_SHA256", "8d4f5c1b2a3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde"),
        ("GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567"),
        ("IMAGE", "registry.example/team/app@sha256:8d4f5c1b2a3e4f5061728394a5b6c7d8e9f00112233445566778899aabbccdde"),
        ("REQUEST_ID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("KUBERNETES_PORT", "tcp://10.96.0.1:443"),
        ("HOMEPAGE", "https://example.org:8080/a@b"),
        ("REPO", "https://user@example.org/x.git"),
        ("SEARCH", "https://example.org/q?token_type=bearer&page=2"),
        ("JAVA_OPTS", "-Xmx512m -Dfile.encoding=UTF-8 -Djava.security.egd=file:/dev/./urandom"),
        ("LS_COLORS", "rs=0:di=01;34:ln=01;36:mh=00:pi=40;33"),
        ("CONN", "Server=db;Database=app;Integrated Security=true;Encrypt=true"),
        ("CONN_REFERENCE", "Server=db;User Id=app;Password=${DB_PASSWORD};"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("CERTIFICATE", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUX\n-----END CERTIFICATE-----"),
        ("CERTIFICATE_ONE_LINE", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJzekNDQVZtZ0F3SUJBZ0lVWAo="),
        ("SSH_PUBLIC_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx3vQ9Zk1 me@example"),
        ("SCHEME", "Basic authentication"),
        ("SCHEMA", "{\"token_url\": \"https://login.example\", \"password_policy\": \"strict\", \"auth\": \"none\"}"),
        ("BUILD", "release-2024.11.30-amd64-bookworm"),
        ("CLASSPATH", "lib/FooBarBazQuxQuuxCorgeGraultGarply"),
        ("CRON", "0 3 * * 1-5"),
        ("PRICE", "$199.99 for 12 months"),
    ];

    /// <summary>Command lines that hold no secret.</summary>
    public static IReadOnlyList<string> HarmlessCommands { get; } =
    [
        "nginx|-g|daemon off;",
        "ssh|-p|2222|host",
        "docker|run|-p|8080:80|nginx",
        "mysql|-u|root|-h|db",
        "app|--password-file|/run/secret",
        "app|--token-ttl=3600",
        "app|--password|--verbose",
        "java|-jar|/opt/app-1.2.3.jar|--spring.profiles.active=prod",
        "postgres: app db 10.0.0.1(5432) idle",
        "curl|-u|me|https://example.org/a?b=c",
        "openssl|rsa|-passin|file:/run/secrets/key",
        "tar|-p|-xf|pass.tar",
    ];

    private static PlantedSecret Whole(string name, string first, string rest) => new(name, first + rest, first + rest);

    private static PlantedSecret Within(string name, string before, string secret, string after) => new(name, before + secret + after, secret);
}
