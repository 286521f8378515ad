using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Documents;

namespace Mirai.Platform.Database;

/// <summary>The platform's database.</summary>
internal sealed class MiraiDbContext(DbContextOptions<MiraiDbContext> options) : DbContext(options)
{
    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<DocumentExtractionRow> Extractions => Set<DocumentExtractionRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<DocumentRow>(document =>
        {
            document.ToTable("documents");
            document.Property(row => row.Id).ValueGeneratedNever();
            document.Property(row => row.Name).HasMaxLength(DocumentContent.MaxNameLength);
            document.Property(row => row.MediaType).HasMaxLength(DocumentContent.MaxMediaTypeLength);
            document.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
            document.HasOne(row => row.Extraction).WithOne()
                .HasForeignKey<DocumentExtractionRow>(row => row.DocumentId).OnDelete(DeleteBehavior.Cascade);
        });

        modelBuilder.Entity<DocumentExtractionRow>(extraction =>
        {
            extraction.ToTable("document_extractions");
            extraction.HasKey(row => row.DocumentId);
            extraction.Property(row => row.DocumentId).ValueGeneratedNever();
            extraction.Property(row => row.Title).HasMaxLength(DocumentExtraction.MaxTitleLength);
            extraction.ComplexCollection(row => row.Sections, section => section.ToJson());
        });
    }
}
