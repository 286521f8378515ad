using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Mirai.Platform.Database;

/// <summary>The SQLite file that API and worker share.</summary>
internal sealed class SqliteAddress(string path, string connectionString) : DatabaseAddress(connectionString, path)
{
    // Longer than any transaction of Mirai, and short enough for a request that waits for the lock.
    private const int CommandTimeoutSeconds = 10;

    /// <summary>Parses a connection string.</summary>
    /// <exception cref="FormatException">The text is not a connection string, or names no file.</exception>
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

    /// <remarks>EF Core's own lock is a row that outlives its process and would block every later start.</remarks>
    public override Task<IAsyncDisposable?> TryLockMigrationAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        try
        {
            // The file is never deleted: a second process could hold the deleted file while a third creates a new one.
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
        // In WAL mode readers continue while a writer writes. The file remembers the mode.
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
            throw new FormatException($"This is not a SQLite connection string: {exception.Message}", exception);
        }
    }
}

/// <summary>Lets SQLite itself wait while another process writes. SQLite tries again after milliseconds; the driver
/// would sleep 150 ms between two attempts.</summary>
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
