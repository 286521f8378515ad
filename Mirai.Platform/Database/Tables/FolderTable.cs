using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Courses;

namespace Mirai.Platform.Database.Tables;

internal sealed class FolderTable : IEntityTypeConfiguration<FolderRow>
{
    public void Configure(EntityTypeBuilder<FolderRow> builder)
    {
        builder.ToTable("folders");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Version).IsConcurrencyToken();
        builder.HasOne<FolderRow>().WithMany().HasForeignKey(row => row.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}
