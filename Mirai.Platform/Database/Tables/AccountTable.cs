using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Payments;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Database.Tables;

internal sealed class AccountTable : IEntityTypeConfiguration<AccountRow>
{
    public void Configure(EntityTypeBuilder<AccountRow> builder)
    {
        builder.ToTable("accounts");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.SessionId).HasMaxLength(CheckoutSession.MaxIdLength);
        builder.Property(row => row.Email).HasMaxLength(NewRegistration.MaxEmailLength);
        builder.Property(row => row.Name).HasMaxLength(NewRegistration.MaxNameLength);

        // The last word on "exactly one account per paid session", whatever runs at the same time.
        builder.HasIndex(row => row.SessionId).IsUnique();
    }
}
