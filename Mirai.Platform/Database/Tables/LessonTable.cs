using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Courses;

namespace Mirai.Platform.Database.Tables;

internal sealed class LessonTable : IEntityTypeConfiguration<LessonRow>
{
    public void Configure(EntityTypeBuilder<LessonRow> builder)
    {
        builder.ToTable("lessons");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Summary).HasMaxLength(CourseLimits.LongestSummary);
        builder.ComplexCollection(row => row.Sources, source => source.ToJson());
    }
}
