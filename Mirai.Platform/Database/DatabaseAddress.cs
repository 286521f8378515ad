using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>Where the database is, and what the two kinds of it do differently.</summary>
/// <param name="connectionString">How to open it; may hold a password.</param>
/// <param name="name">What to call it in logs and messages; holds none.</param>
internal abstract class DatabaseAddress(string connectionString, string name)
{
    public string ConnectionString { get; } = connectionString;

    public string Name { get; } = name;

    /// <summary>Reads a connection string of either kind, or a <c>postgres://</c> address.</summary>
    /// <exception cref="FormatException">It is none. The message holds no password.</exception>
    public static DatabaseAddress Parse(string text)
    {
        if (PostgreSqlUrl.IsUrl(text))
        {
            return PostgreSqlAddress.Parse(PostgreSqlUrl.ToConnectionString(text));
        }

        return NamesAHost(text) ? PostgreSqlAddress.Parse(text) : SqliteAddress.Parse(text);
    }

    public abstract MiraiDbContext CreateContext(Action<DbContextOptionsBuilder> configure);

    /// <summary>Tries to be the only process that migrates. What it gives ends with its process, however that
    /// ends.</summary>
    /// <returns><see langword="null"/> when another process migrates, or the server is not there yet.</returns>
    public abstract Task<IAsyncDisposable?> TryLockMigrationAsync(CancellationToken cancellationToken);

    /// <summary>What precedes the migrations, under their lock.</summary>
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
