using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>The address of the database, and everything that differs between SQLite and PostgreSQL.</summary>
/// <param name="connectionString">The connection string, which may contain a password.</param>
/// <param name="name">The name for logs and messages, without a password.</param>
internal abstract class DatabaseAddress(string connectionString, string name)
{
    public string ConnectionString { get; } = connectionString;

    public string Name { get; } = name;

    /// <summary>Parses a connection string of either kind, or a <c>postgres://</c> address.</summary>
    /// <exception cref="FormatException">The text is neither. The message contains no password.</exception>
    public static DatabaseAddress Parse(string text)
    {
        if (PostgreSqlUrl.IsUrl(text))
        {
            return PostgreSqlAddress.Parse(PostgreSqlUrl.ToConnectionString(text));
        }

        return NamesAHost(text) ? PostgreSqlAddress.Parse(text) : SqliteAddress.Parse(text);
    }

    public abstract MiraiDbContext CreateContext(Action<DbContextOptionsBuilder> configure);

    /// <summary>Tries to lock the migration for this process. The lock ends with the process, however the process
    /// ends.</summary>
    /// <returns>The lock, to be disposed of; <see langword="null"/> when another process holds it.</returns>
    public abstract Task<IAsyncDisposable?> TryLockMigrationAsync(CancellationToken cancellationToken);

    /// <summary>Prepares the database for its migrations, under their lock.</summary>
    public abstract Task PrepareAsync(MiraiDbContext context, CancellationToken cancellationToken);

    private static bool NamesAHost(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return parts.ContainsKey("Host") || parts.ContainsKey("Server");
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
