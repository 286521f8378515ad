using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Courses;

namespace Mirai.Platform.Database.Tables;

internal sealed class GenerationJobTable : IEntityTypeConfiguration<GenerationJobRow>
{
    public void Configure(EntityTypeBuilder<GenerationJobRow> builder)
    {
        builder.ToTable("generation_jobs");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);

        // The poll looks often, and finds few among many that are done. A course may be gone: jobs are a record.
        builder.HasIndex(row => row.ClaimedUntil, "IX_generation_jobs_open").HasFilter("\"FinishedAt\" IS NULL");
    }
}
