using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Courses;
using Mirai.Platform.Database;

namespace Mirai.Platform.Generation;

/// <summary>A job as the database keeps it.</summary>
internal sealed class GenerationJobRow : IClaimable
{
    public required Guid Id { get; init; }

    public required GenerationKind Kind { get; init; }

    public required GenerationState State { get; set; }

    /// <summary>The course that the job generates.</summary>
    public required Guid CourseId { get; init; }

    public required List<Guid> Documents { get; init; }

    public string? Title { get; init; }

    public string? Instructions { get; init; }

    public Guid? FolderId { get; init; }

    public required int MaxLessons { get; init; }

    public int Percent { get; set; }

    /// <summary>What the worker does now, in words for people.</summary>
    public string? Step { get; set; }

    public string? Generator { get; set; }

    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The task that is to run the job; none before the documents are read.</summary>
    public Guid? TaskId { get; set; }

    /// <summary>How many tasks the job has had.</summary>
    public int Tasks { get; set; }

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>The row of this job while this claim holds it and the job is not finished; otherwise no row.</summary>
    public IQueryable<GenerationJobRow> In(MiraiDbContext context) => context.GenerationJobs
        .Where(row => row.Id == Id && row.ClaimId == ClaimId && row.FinishedAt == null);
}

internal sealed class GenerationJobTable : IEntityTypeConfiguration<GenerationJobRow>
{
    public void Configure(EntityTypeBuilder<GenerationJobRow> builder)
    {
        builder.ToTable("generation_jobs");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);

        // The poll looks often, and finds few open jobs among many. There is no foreign key to the course, because
        // the job is a record that outlives it.
        builder.HasIndex(row => row.ClaimedUntil, "IX_generation_jobs_open").HasFilter("\"FinishedAt\" IS NULL");
    }
}

internal static class GenerationTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<GenerationJobRow> GenerationJobs => context.Set<GenerationJobRow>();
    }
}

/// <summary>Deletes jobs that were finished long ago. The courses that they made stay.</summary>
internal sealed class GenerationCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : RowCleanup<GenerationJobRow>("old generation jobs", contexts, options, time)
{
    protected override IQueryable<GenerationJobRow> Expired(
        IQueryable<GenerationJobRow> rows, CleanupOptions options, DateTimeOffset now)
    {
        var limit = now - options.JobRetention;
        return rows.Where(row => row.FinishedAt < limit);
    }
}
