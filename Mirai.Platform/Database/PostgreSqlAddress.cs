using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Mirai.Platform.Database;

/// <summary>A database on a PostgreSQL server.</summary>
internal sealed class PostgreSqlAddress(NpgsqlConnectionStringBuilder parts)
    : DatabaseAddress(parts.ConnectionString, $"PostgreSQL {parts.Host}:{parts.Port}/{parts.Database}")
{
    // "Mirai" in ASCII. Programs that share a database must choose different lock numbers.
    private const long MigrationLock = 0x4d69726169;

    /// <summary>Parses a connection string.</summary>
    /// <exception cref="FormatException">The text is not a connection string, or names no host or
    /// database.</exception>
    public static new PostgreSqlAddress Parse(string connectionString)
    {
        var parts = ParseParts(connectionString);
        if (string.IsNullOrWhiteSpace(parts.Host) || string.IsNullOrWhiteSpace(parts.Database))
        {
            throw new FormatException("A PostgreSQL connection needs Host and Database.");
        }

        return new PostgreSqlAddress(parts);
    }

    public override MiraiDbContext CreateContext(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<PostgreSqlDbContext>();

        // The queue retries. Npgsql's own strategy would wrap transient errors in an InvalidOperationException that
        // advises to retry.
        options.UseNpgsql(
            ConnectionString,
            server => server.ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)));
        configure(options);

        return new PostgreSqlDbContext(options.Options);
    }

    /// <remarks>The lock belongs to its connection, so the connection must not return to the pool.</remarks>
    public override async Task<IAsyncDisposable?> TryLockMigrationAsync(CancellationToken cancellationToken)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(unpooled.ConnectionString);
        var held = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = MigrationLock } },
            };
            held = await command.ExecuteScalarAsync(cancellationToken) is true;
        }
        finally
        {
            if (!held)
            {
                await connection.DisposeAsync();
            }
        }

        return held ? connection : null;
    }

    public override Task PrepareAsync(MiraiDbContext context, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private static NpgsqlConnectionStringBuilder ParseParts(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new FormatException($"This is not a PostgreSQL connection string: {exception.Message}", exception);
        }
    }
}
