using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;

namespace Mirai.Platform.Registrations;

/// <summary>A registration as the database keeps it.</summary>
internal sealed class RegistrationRow : IKeyed
{
    public required Guid Id { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required RegistrationState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public Guid? AccountId { get; set; }
}

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

internal static class RegistrationTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<RegistrationRow> Registrations => context.Set<RegistrationRow>();
    }
}

/// <summary>Deletes registrations that expired without a payment. A payment that arrives later still gets an account:
/// the checkout session carries the address and the name.</summary>
internal sealed class RegistrationCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : RowCleanup<RegistrationRow>("expired registrations", contexts, options, time)
{
    protected override IQueryable<RegistrationRow> Expired(
        IQueryable<RegistrationRow> rows, CleanupOptions options, DateTimeOffset now) =>
        rows.Where(row => row.State == RegistrationState.Pending && row.ExpiresAt < now);
}
