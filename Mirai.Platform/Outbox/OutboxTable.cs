using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;

namespace Mirai.Platform.Outbox;

/// <summary>A task that is committed, and perhaps not yet in its queue.</summary>
internal sealed class OutboxRow : IClaimable
{
    /// <summary>Also the id of the task: a task that is published twice is stored once.</summary>
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required byte[]? Payload { get; init; }

    /// <summary>The task's <c>EnqueueOptions</c> as JSON.</summary>
    public required string Options { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Why the task can never be published.</summary>
    public string? Error { get; set; }

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }
}

internal sealed class OutboxTable : IEntityTypeConfiguration<OutboxRow>
{
    public void Configure(EntityTypeBuilder<OutboxRow> builder)
    {
        builder.ToTable("outbox");
        builder.Property(row => row.Id).ValueGeneratedNever();

        // The relay looks often, and finds few waiting rows among many published ones.
        builder.HasIndex(row => row.Id, "IX_outbox_waiting")
            .HasFilter("\"PublishedAt\" IS NULL AND \"Error\" IS NULL");
        builder.HasIndex(row => row.PublishedAt);
    }
}

internal static class OutboxTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<OutboxRow> Outbox => context.Set<OutboxRow>();
    }
}

/// <summary>Deletes tasks that were published long ago, and tasks that can never be published. A task that waits
/// stays, however old it is.</summary>
internal sealed class OutboxCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : RowCleanup<OutboxRow>("old outbox rows", contexts, options, time)
{
    protected override IQueryable<OutboxRow> Expired(
        IQueryable<OutboxRow> rows, CleanupOptions options, DateTimeOffset now)
    {
        var limit = now - options.OutboxRetention;
        return rows.Where(row => row.PublishedAt < limit || (row.Error != null && row.CreatedAt < limit));
    }
}
