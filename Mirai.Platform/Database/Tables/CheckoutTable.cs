using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Payments;

namespace Mirai.Platform.Database.Tables;

internal sealed class CheckoutTable : IEntityTypeConfiguration<CheckoutRow>
{
    public void Configure(EntityTypeBuilder<CheckoutRow> builder)
    {
        builder.ToTable("checkouts");
        builder.HasKey(row => row.SessionId);
        builder.Property(row => row.SessionId).HasMaxLength(CheckoutSession.MaxIdLength).ValueGeneratedNever();
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(row => new { row.State, row.ChangedAt });
    }
}
