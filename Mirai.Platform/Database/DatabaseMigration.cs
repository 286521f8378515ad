using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mirai.Platform.Database;

/// <summary>Brings the database up to date before anything of the program starts.</summary>
/// <remarks>API and worker start at the same time, and each may be killed in the middle. EF Core's own lock is a row
/// that outlives its process and would stop every later start; so a lock of the operating system, which does not,
/// decides who migrates, and a row found under it belongs to nobody.</remarks>
internal sealed partial class DatabaseMigration(
    IDbContextFactory<MiraiDbContext> contexts, DatabaseFile file, TimeProvider time,
    ILogger<DatabaseMigration> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException(
                $"The database {file.Path} (ConnectionStrings:{DatabaseOptions.Name}) cannot be used: " +
                exception.Message,
                exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        await using var held = await LockAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count == 0)
        {
            return;
        }

        // Readers go on while somebody writes. The file remembers it.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        LogMigrated(logger, file.Path, pending);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                // Never deleted: a second process could hold the deleted one while a third makes a new one.
                return new FileStream(
                    file.Path + ".migrating", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Database {Path} is up to date: applied {Migrations}")]
    private static partial void LogMigrated(ILogger logger, string path, IReadOnlyList<string> migrations);
}
