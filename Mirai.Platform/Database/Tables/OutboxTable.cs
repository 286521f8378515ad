using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Database.Tables;

internal sealed class OutboxTable : IEntityTypeConfiguration<OutboxRow>
{
    public void Configure(EntityTypeBuilder<OutboxRow> builder)
    {
        builder.ToTable("outbox");
        builder.Property(row => row.Id).ValueGeneratedNever();

        // The relay looks often, and finds few rows among many that are published.
        builder.HasIndex(row => row.Id, "IX_outbox_waiting")
            .HasFilter("\"PublishedAt\" IS NULL AND \"Error\" IS NULL");
        builder.HasIndex(row => row.PublishedAt);
    }
}
