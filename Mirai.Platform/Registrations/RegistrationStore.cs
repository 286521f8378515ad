using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;

namespace Mirai.Platform.Registrations;

/// <summary>Registrations, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached: nothing is changed then.</remarks>
public sealed class RegistrationStore
{
    private readonly IDbContextFactory<MiraiDbContext> contexts;
    private readonly RegistrationOptions options;
    private readonly TimeProvider time;

    internal RegistrationStore(
        IDbContextFactory<MiraiDbContext> contexts, IOptions<RegistrationOptions> options, TimeProvider time) =>
        (this.contexts, this.options, this.time) = (contexts, options.Value, time);

    /// <summary>Stores a registration as <see cref="RegistrationState.Pending"/>.</summary>
    /// <param name="registration">The request for an account.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The registration as stored.</returns>
    /// <exception cref="ArgumentException">The e-mail address or the name is not valid; the message says
    /// which.</exception>
    public async Task<Registration> CreateAsync(
        NewRegistration registration, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(registration);
        Check(registration);
        var now = time.GetUtcNow();
        var row = new RegistrationRow
        {
            Id = Guid.CreateVersion7(now),
            Email = registration.Email,
            Name = registration.Name,
            State = RegistrationState.Pending,
            CreatedAt = now,
            ExpiresAt = now + options.Lifetime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Registrations.Add(row);
        await context.SaveChangesAsync(cancellationToken);

        return ToRegistration(row);
    }

    /// <summary>Finds a registration.</summary>
    /// <param name="id">The registration.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="null"/> when there is no such registration, or it expired without a payment.</returns>
    public async Task<Registration?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Registrations.AsNoTracking().SingleOrDefaultAsync(
            row => row.Id == id && (row.State != RegistrationState.Pending || row.ExpiresAt > now), cancellationToken);

        return row is null ? null : ToRegistration(row);
    }

    private static void Check(NewRegistration registration)
    {
        if (!NewRegistration.IsEmail(registration.Email))
        {
            throw new ArgumentException("Email must be an e-mail address.", nameof(registration));
        }

        if (!NewRegistration.IsName(registration.Name))
        {
            throw new ArgumentException(
                $"Name must have 1 to {NewRegistration.MaxNameLength} characters.", nameof(registration));
        }
    }

    private Registration ToRegistration(RegistrationRow row) => new()
    {
        Id = row.Id,
        Email = row.Email,
        Name = row.Name,
        State = row.State,
        CreatedAt = row.CreatedAt,
        ExpiresAt = row.ExpiresAt,
        AccountId = row.AccountId,
        PaymentUrl = row.State == RegistrationState.Pending ? PaymentUrl(row) : null,
    };

    // Stripe copies the reference into the checkout session, and puts the e-mail address into its form.
    private Uri? PaymentUrl(RegistrationRow row) => options.PaymentLink is { Length: > 0 } link
        ? new Uri($"{link}{(link.Contains('?', StringComparison.Ordinal) ? '&' : '?')}" +
            $"client_reference_id={row.Id}&prefilled_email={Uri.EscapeDataString(row.Email)}")
        : null;
}

/// <summary>Settings of registrations, from the configuration section <c>Registrations</c>.</summary>
internal sealed class RegistrationOptions
{
    public const string Section = "Registrations";

    /// <summary>How long a registration waits for its payment. A checkout session of Stripe lasts 24 h.</summary>
    /// <value>10 min to 90 days. Default: 2 days.</value>
    [Range(typeof(TimeSpan), "00:10:00", "90.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(2);

    /// <summary>A payment link of Stripe, <c>https://buy.stripe.com/…</c>. With it, registrations name the page where
    /// they can be paid.</summary>
    /// <value>An address of http or https. Default: none.</value>
    [Url]
    public string? PaymentLink { get; set; }
}

[OptionsValidator]
internal sealed partial class RegistrationOptionsValidator : IValidateOptions<RegistrationOptions>;
