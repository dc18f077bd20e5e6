namespace Vitrine.Tests.Unit.Insight.Databases;

/// <summary>
/// Statements that make podman 5's database: the tables of libpod/sqlite_state_internal.go that containers are in, with its columns, keys
/// and references. JSON is bound as bytes there, so it is a blob in a column of text.
/// </summary>
internal static class PodmanState
{
    public const string Tables = """
        PRAGMA foreign_keys = ON;
        CREATE TABLE DBConfig(ID INTEGER PRIMARY KEY NOT NULL, SchemaVersion INTEGER NOT NULL, OS TEXT NOT NULL, StaticDir TEXT NOT NULL,
            TmpDir TEXT NOT NULL, GraphRoot TEXT NOT NULL, RunRoot TEXT NOT NULL, GraphDriver TEXT NOT NULL, VolumeDir TEXT NOT NULL, CHECK (ID IN (1)));
        CREATE TABLE IDNamespace(ID TEXT PRIMARY KEY NOT NULL);
        CREATE TABLE PodConfig(ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, JSON TEXT NOT NULL,
            FOREIGN KEY (ID) REFERENCES IDNamespace(ID) DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE ContainerConfig(ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, PodID TEXT, JSON TEXT NOT NULL,
            FOREIGN KEY (ID) REFERENCES IDNamespace(ID) DEFERRABLE INITIALLY DEFERRED,
            FOREIGN KEY (ID) REFERENCES ContainerState(ID) DEFERRABLE INITIALLY DEFERRED,
            FOREIGN KEY (PodID) REFERENCES PodConfig(ID));
        CREATE TABLE ContainerState(ID TEXT PRIMARY KEY NOT NULL, State INTEGER NOT NULL, ExitCode INTEGER, JSON TEXT NOT NULL,
            FOREIGN KEY (ID) REFERENCES ContainerConfig(ID) DEFERRABLE INITIALLY DEFERRED, CHECK (ExitCode BETWEEN -1 AND 255));
        INSERT INTO DBConfig VALUES (1, 1, 'linux', '/var/lib/containers/storage/libpod', '/run/libpod', '/var/lib/containers/storage',
            '/run/containers/storage', 'overlay', '/var/lib/containers/storage/volumes');

        """;

    /// <summary>As podman adds a container, in one transaction; <c>members</c> is more of its JSON, with a comma before.</summary>
    public static string Add(string id, string name, string members) => $$"""
        SAVEPOINT added;
        INSERT INTO IDNamespace VALUES ('{{id}}');
        INSERT INTO ContainerConfig VALUES ('{{id}}', '{{name}}', NULL, CAST('{"spec":{"ociVersion":"1.2.0","process":{"args":["sh"]} },"id":"{{id}}","name":"{{name}}","lockID":0{{members}} }' AS BLOB));
        INSERT INTO ContainerState VALUES ('{{id}}', 3, 0, CAST('{"state":3,"pid":1}' AS BLOB));
        RELEASE added;

        """;

    public static string Ports(int hostPort, int port = 80, int range = 1, string address = "", string protocol = "tcp") =>
        $$$""","newPortMappings":[{"host_ip":"{{{address}}}","container_port":{{{port}}},"host_port":{{{hostPort}}},"range":{{{range}}},"protocol":"{{{protocol}}}"}]""";
}
