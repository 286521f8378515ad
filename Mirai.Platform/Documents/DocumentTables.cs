using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Database;

namespace Mirai.Platform.Documents;

/// <summary>A document as the database keeps it. The content comes last, because SQLite reads a row
/// from its start.</summary>
internal sealed class DocumentRow : IClaimable
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string MediaType { get; init; }

    public required DocumentState State { get; set; }

    public string? FailureReason { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How much of the content is read, from 0 to 100.</summary>
    public int Percent { get; set; }

    /// <summary>The task that is to read the document.</summary>
    public required Guid TaskId { get; set; }

    /// <summary>How many tasks the document has had.</summary>
    public int Tasks { get; set; } = 1;

    public Guid? ClaimId { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    public required byte[] Content { get; init; }

    public DocumentExtractionRow? Extraction { get; init; }
}

/// <summary>The text that was read from a document, in one row, because it is written, replaced and read as a whole.
/// </summary>
internal sealed class DocumentExtractionRow
{
    public required Guid DocumentId { get; init; }

    public required string? Title { get; init; }

    public required int Words { get; init; }

    public required List<string> KeyTerms { get; init; }

    public required List<DocumentSection> Sections { get; init; }

    public int? Pages { get; init; }

    public required List<DocumentChunk> Chunks { get; init; }

    public required string Text { get; init; }

    public static DocumentExtractionRow Of(Guid id, DocumentExtraction extraction) => new()
    {
        DocumentId = id,
        Title = extraction.Title,
        Words = extraction.Words,
        KeyTerms = [.. extraction.KeyTerms],
        Sections = [.. extraction.Sections],
        Pages = extraction.Pages,
        Chunks = [.. extraction.Chunks],
        Text = extraction.Text,
    };

    public DocumentExtraction ToExtraction() => new(Title, Text, Words, KeyTerms, Sections)
    {
        Pages = Pages,
        Chunks = Chunks,
    };
}

internal sealed class DocumentTable : IEntityTypeConfiguration<DocumentRow>
{
    public void Configure(EntityTypeBuilder<DocumentRow> builder)
    {
        builder.ToTable("documents");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(DocumentContent.MaxNameLength);
        builder.Property(row => row.MediaType).HasMaxLength(DocumentContent.MaxMediaTypeLength);
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);

        // The poll looks often, and finds few unread documents among many.
        builder.HasIndex(row => row.ClaimedUntil, "IX_documents_unread")
            .HasFilter("\"State\" = 'Received' OR \"State\" = 'Reading'");
        builder.HasOne(row => row.Extraction).WithOne()
            .HasForeignKey<DocumentExtractionRow>(row => row.DocumentId).OnDelete(DeleteBehavior.Cascade);
    }
}

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

internal static class DocumentTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<DocumentRow> Documents => context.Set<DocumentRow>();

        public DbSet<DocumentExtractionRow> Extractions => context.Set<DocumentExtractionRow>();
    }
}
