using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mirai.Platform.Database;

/// <summary>Migrates the database before any other service of the program starts.</summary>
/// <remarks>API and worker start at the same time, and each may be killed during the migration. So the lock that
/// decides which process migrates ends with that process.</remarks>
internal sealed partial class DatabaseMigration(
    IDbContextFactory<MiraiDbContext> contexts, DatabaseAddress database, IOptions<DatabaseOptions> options,
    TimeProvider time, ILogger<DatabaseMigration> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (
            exception is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new DatabaseUnavailableException(
                $"The database {database.Name} ({options.Value.Setting}) cannot be used: {exception.Message}",
                exception);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program stops while it starts: it starts no service that uses the database.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var held = await LockAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count == 0)
        {
            return;
        }

        await RefuseForeignHistoryAsync(context, cancellationToken);
        await database.PrepareAsync(context, cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        LogMigrated(logger, database.Name, pending);
    }

    // A database that another line of versions made has tables that this version would create again. A newer version
    // that has all migrations of this one is fine: both run side by side during a deployment.
    private async Task RefuseForeignHistoryAsync(MiraiDbContext context, CancellationToken cancellationToken)
    {
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (applied.Except(context.Database.GetMigrations()).ToList() is { Count: > 0 } foreign)
        {
            throw new DatabaseUnavailableException(
                $"The database {database.Name} ({options.Value.Setting}) has migrations that this version of Mirai " +
                $"does not know: {string.Join(", ", foreign)}. Use the version that made the database, or a new database.");
        }
    }

    private async Task<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await database.TryLockMigrationAsync(cancellationToken) is { } held)
                {
                    return held;
                }

                if (time.GetElapsedTime(started) >= Timeout)
                {
                    throw new TimeoutException($"another process has held the migration lock for more than {Timeout}.");
                }
            }
            catch (DbException exception) when (exception.IsTransient && time.GetElapsedTime(started) < Timeout)
            {
                // A server that starts at the same time refuses connections for some seconds.
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Migrated the database {Name}: applied {Migrations}")]
    private static partial void LogMigrated(ILogger logger, string name, IReadOnlyList<string> migrations);
}

/// <summary>The database could not be opened or migrated at start. The message names the database, without its
/// password, and the setting.</summary>
public sealed class DatabaseUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public DatabaseUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
