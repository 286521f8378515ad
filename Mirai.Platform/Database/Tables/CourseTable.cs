using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Courses;

namespace Mirai.Platform.Database.Tables;

internal sealed class CourseTable : IEntityTypeConfiguration<CourseRow>
{
    public void Configure(EntityTypeBuilder<CourseRow> builder)
    {
        builder.ToTable("courses");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Summary).HasMaxLength(CourseLimits.LongestSummary);
        builder.Property(row => row.Status).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.Version).IsConcurrencyToken();
        builder.HasIndex(row => row.Status);
        builder.HasOne<FolderRow>().WithMany().HasForeignKey(row => row.FolderId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(row => row.Lessons).WithOne().HasForeignKey(row => row.CourseId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}
