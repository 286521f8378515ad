using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Database.Tables;

internal sealed class DocumentExtractionTable : IEntityTypeConfiguration<DocumentExtractionRow>
{
    public void Configure(EntityTypeBuilder<DocumentExtractionRow> builder)
    {
        builder.ToTable("document_extractions");
        builder.HasKey(row => row.DocumentId);
        builder.Property(row => row.DocumentId).ValueGeneratedNever();
        builder.Property(row => row.Title).HasMaxLength(DocumentExtraction.MaxTitleLength);
        builder.ComplexCollection(row => row.Sections, section => section.ToJson());
        builder.ComplexCollection(row => row.Chunks, chunk => chunk.ToJson());
    }
}
