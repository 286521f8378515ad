using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mirai.Platform.Database.Tables;

internal sealed class MarkTable : IEntityTypeConfiguration<MarkRow>
{
    public void Configure(EntityTypeBuilder<MarkRow> builder)
    {
        builder.ToTable("marks");
        builder.HasKey(row => row.Task);
        builder.Property(row => row.Task).HasMaxLength(64).ValueGeneratedNever();
    }
}
