using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Mirai.Platform.Database;

/// <summary>The SQLite file that API and worker share.</summary>
internal sealed class SqliteAddress(string path, string connectionString) : DatabaseAddress(connectionString, path)
{
    // Longer than any transaction of ours; a request that waits for the lock must still get its answer.
    private const int CommandTimeoutSeconds = 10;

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It is none, or it does not name a file.</exception>
    public static new SqliteAddress Parse(string connectionString)
    {
        var builder = ParseBuilder(connectionString);
        var source = builder.DataSource;
        if (builder.Mode == SqliteOpenMode.Memory || source is "" or ":memory:"
            || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("Data Source must be the path of a file, which API and worker share.");
        }

        builder.DataSource = Path.GetFullPath(source);
        builder.ForeignKeys = true;
        if (!builder.ShouldSerialize("Default Timeout"))
        {
            builder.DefaultTimeout = CommandTimeoutSeconds;
        }

        return new SqliteAddress(builder.DataSource, builder.ConnectionString);
    }

    public override MiraiDbContext CreateContext(Action<DbContextOptionsBuilder> configure)
    {
        var options = new DbContextOptionsBuilder<SqliteDbContext>();
        options.UseSqlite(ConnectionString).AddInterceptors(new BusyTimeout());
        configure(options);

        return new SqliteDbContext(options.Options);
    }

    /// <remarks>EF Core's own lock is a row that outlives its process and would stop every later start.</remarks>
    public override Task<IAsyncDisposable?> TryLockMigrationAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        try
        {
            // Never deleted: a second process could hold the deleted one while a third makes a new one.
            return Task.FromResult<IAsyncDisposable?>(new FileStream(
                Name + ".migrating", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            return Task.FromResult<IAsyncDisposable?>(null);
        }
    }

    public override async Task PrepareAsync(MiraiDbContext context, CancellationToken cancellationToken)
    {
        // Readers go on while somebody writes. The file remembers it.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
    }

    private static SqliteConnectionStringBuilder ParseBuilder(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new FormatException($"This is no SQLite connection string: {exception.Message}", exception);
        }
    }
}

/// <summary>Lets SQLite itself wait while the other process writes: it looks again after milliseconds, where the
/// driver would sleep 150 ms between two looks.</summary>
internal sealed class BusyTimeout : DbConnectionInterceptor
{
    private const string Pragma = "PRAGMA busy_timeout = 5000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
