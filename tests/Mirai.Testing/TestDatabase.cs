using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using NUnit.Framework;

namespace Mirai.Testing;

/// <summary>The databases that Mirai.Platform runs on.</summary>
public enum DatabaseKind
{
    /// <summary>A database in a file.</summary>
    Sqlite,

    /// <summary>A database on a server.</summary>
    PostgreSql,
}

/// <summary>An empty database that is deleted when its test ends.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string Variable = "MIRAI_TEST_DATABASE";

    private readonly string folder;

    private TestDatabase(DatabaseKind kind, string folder, string connectionString)
    {
        Kind = kind;
        this.folder = folder;
        ConnectionString = connectionString;
    }

    /// <summary>The kind for tests that run on one kind only: the value of <c>MIRAI_TEST_DATABASE</c>, <c>sqlite</c>
    /// (the default) or <c>postgresql</c>.</summary>
    public static DatabaseKind DefaultKind => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "sqlite" => DatabaseKind.Sqlite,
        "postgresql" => DatabaseKind.PostgreSql,
        var other => throw new InvalidOperationException(
            $"{Variable} must be sqlite or postgresql, and is \"{other}\"."),
    };

    public DatabaseKind Kind { get; }

    /// <summary>The value of <c>ConnectionStrings:Mirai</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>The file of a SQLite database.</summary>
    public string FilePath => Path.Combine(folder, "data", "mirai.db");

    /// <summary>Creates a database. Skips the test when it needs PostgreSQL and the machine has none.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind)
    {
        var folder = Directory.CreateTempSubdirectory("mirai-database-").FullName;
        if (kind == DatabaseKind.Sqlite)
        {
            var file = Path.Combine(folder, "data", "mirai.db");
            return new TestDatabase(kind, folder, $"Data Source={file}");
        }

        var server = await PostgreSqlServer.FindAsync();
        if (server is null)
        {
            Directory.Delete(folder);
            Assert.Ignore($"There is no PostgreSQL server here (initdb, or {PostgreSqlServer.Variable}).");
        }

        var name = $"mirai_{Guid.NewGuid():n}";
        await RunAsync(server!, $"CREATE DATABASE {name}");

        return new TestDatabase(
            kind, folder, new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString);
    }

    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Kind == DatabaseKind.Sqlite
            ? new SqliteConnection(ConnectionString)
            : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();

        return connection;
    }

    /// <summary>Runs a query and returns a line of text for each row, the same text for both kinds. PostgreSQL needs
    /// quotes around the names of columns.</summary>
    public async Task<string[]> QueryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
        }

        return [.. rows];
    }

    public async ValueTask DisposeAsync()
    {
        if (Kind == DatabaseKind.Sqlite)
        {
            SqliteConnection.ClearAllPools();
        }
        else
        {
            await using (var pool = new NpgsqlConnection(ConnectionString))
            {
                NpgsqlConnection.ClearPool(pool);
            }

            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            var name = parts.Database;
            parts.Database = "postgres";
            await RunAsync(parts.ConnectionString, $"DROP DATABASE {name} WITH (FORCE)");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string? Text(object value) => value switch
    {
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        bool yes => yes ? "1" : "0",
        Guid id => id.ToString().ToUpperInvariant(),
        string[] many => string.Join(",", many),
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static async Task RunAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
