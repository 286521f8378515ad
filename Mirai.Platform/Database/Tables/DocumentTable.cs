using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Database.Tables;

internal sealed class DocumentTable : IEntityTypeConfiguration<DocumentRow>
{
    public void Configure(EntityTypeBuilder<DocumentRow> builder)
    {
        builder.ToTable("documents");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(DocumentContent.MaxNameLength);
        builder.Property(row => row.MediaType).HasMaxLength(DocumentContent.MaxMediaTypeLength);
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);

        // The poll looks often, and finds few among many that are read.
        builder.HasIndex(row => row.ClaimedUntil, "IX_documents_unread")
            .HasFilter("\"State\" = 'Received' OR \"State\" = 'Reading'");
        builder.HasOne(row => row.Extraction).WithOne()
            .HasForeignKey<DocumentExtractionRow>(row => row.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }
}
