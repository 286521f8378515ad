using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Database;
using Mirai.Platform.Registrations;

namespace Mirai.Platform.Payments;

/// <summary>An account: there is exactly one for each paid checkout session.</summary>
internal sealed class AccountRow : IKeyed
{
    public required Guid Id { get; init; }

    public required string SessionId { get; init; }

    /// <summary>The paid registration, which may have expired before the payment.</summary>
    public required Guid? RegistrationId { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The record of a checkout session that Stripe reported as paid.</summary>
internal sealed class CheckoutRow
{
    public required string SessionId { get; init; }

    public required CheckoutState State { get; set; }

    /// <summary>Why the session has no account.</summary>
    public string? Reason { get; set; }

    /// <summary>The last task that provisions the session.</summary>
    public required Guid? TaskId { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}

/// <summary>Whether a checkout session has its account.</summary>
internal enum CheckoutState
{
    /// <summary>The task of the session is committed and has not ended.</summary>
    Queued,

    /// <summary>The session has its account.</summary>
    Provisioned,

    /// <summary>Stripe does not know the session, or it is not paid. Only an event of Stripe changes that.</summary>
    Refused,

    /// <summary>The task used up its retries. The next <see cref="StripeReconcile"/> commits a new task.</summary>
    Exhausted,
}

/// <summary>The moment up to which a periodic task has looked for new things.</summary>
internal sealed class MarkRow
{
    /// <summary>The type of the task.</summary>
    public required string Task { get; init; }

    public required DateTimeOffset Moment { get; set; }
}

internal sealed class AccountTable : IEntityTypeConfiguration<AccountRow>
{
    public void Configure(EntityTypeBuilder<AccountRow> builder)
    {
        builder.ToTable("accounts");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.SessionId).HasMaxLength(CheckoutSession.MaxIdLength);
        builder.Property(row => row.Email).HasMaxLength(NewRegistration.MaxEmailLength);
        builder.Property(row => row.Name).HasMaxLength(NewRegistration.MaxNameLength);

        // The index enforces "exactly one account per paid session", whatever runs at the same time.
        builder.HasIndex(row => row.SessionId).IsUnique();
    }
}

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

internal sealed class MarkTable : IEntityTypeConfiguration<MarkRow>
{
    public void Configure(EntityTypeBuilder<MarkRow> builder)
    {
        builder.ToTable("marks");
        builder.HasKey(row => row.Task);
        builder.Property(row => row.Task).HasMaxLength(64).ValueGeneratedNever();
    }
}

internal static class PaymentTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<AccountRow> Accounts => context.Set<AccountRow>();

        public DbSet<CheckoutRow> Checkouts => context.Set<CheckoutRow>();

        public DbSet<MarkRow> Marks => context.Set<MarkRow>();
    }
}
