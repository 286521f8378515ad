using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Database.Tables;

internal sealed class RegistrationTable : IEntityTypeConfiguration<RegistrationRow>
{
    public void Configure(EntityTypeBuilder<RegistrationRow> builder)
    {
        builder.ToTable("registrations");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Email).HasMaxLength(NewRegistration.MaxEmailLength);
        builder.Property(row => row.Name).HasMaxLength(NewRegistration.MaxNameLength);
        builder.Property(row => row.State).HasConversion<string>().HasMaxLength(16);
        builder.HasIndex(row => new { row.State, row.ExpiresAt });
    }
}
