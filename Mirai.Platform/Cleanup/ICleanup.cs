using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;

namespace Mirai.Platform.Cleanup;

/// <summary>A part of <see cref="CleanupExpired"/>. Any number of cleanups are registered; a cleanup that fails does
/// not stop the others.</summary>
public interface ICleanup
{
    /// <summary>The deleted things as the log names them, for instance <c>expired registrations</c>.</summary>
    string What { get; }

    /// <summary>Deletes them in bounded batches. A second run deletes nothing.</summary>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>How many were deleted.</returns>
    Task<long> RunAsync(CancellationToken cancellationToken = default);
}

/// <summary>Deletes the rows of one table that are no longer needed, in batches, so that no statement holds a lock for
/// long.</summary>
internal abstract class RowCleanup<TRow>(
    string what, IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : ICleanup
    where TRow : class, IKeyed
{
    public string What => what;

    public async Task<long> RunAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var expired = Expired(context.Set<TRow>(), options.Value, time.GetUtcNow());
        var batchSize = options.Value.BatchSize;
        var deleted = 0L;
        List<Guid> ids;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ids = await expired.OrderBy(row => row.Id).Take(batchSize).Select(row => row.Id)
                .ToListAsync(cancellationToken);

            // The deletion repeats the condition: a row that has changed meanwhile stays.
            deleted += await expired.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        }
        while (ids.Count == batchSize);

        return deleted;
    }

    /// <summary>The rows that are no longer needed.</summary>
    protected abstract IQueryable<TRow> Expired(IQueryable<TRow> rows, CleanupOptions options, DateTimeOffset now);
}

/// <summary>Settings of <see cref="CleanupExpired"/>, from the configuration section <c>Cleanup</c>.</summary>
internal sealed class CleanupOptions
{
    public const string Section = "Cleanup";

    /// <summary>The most rows that one statement deletes.</summary>
    /// <value>1 to 1,000. Default: 500.</value>
    [Range(1, 1_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>How long a published task stays in the outbox table.</summary>
    /// <value>1 h to 1 year. Default: 7 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan OutboxRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a finished generation job stays.</summary>
    /// <value>1 h to 1 year. Default: 30 days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan JobRetention { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class CleanupOptionsValidator : IValidateOptions<CleanupOptions>;
