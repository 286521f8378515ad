using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Database;

namespace Mirai.Platform.Registrations;

internal sealed class RegistrationStore(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<RegistrationOptions> options, TimeProvider time)
    : IRegistrationStore
{
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
            ExpiresAt = now + options.Value.Lifetime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Registrations.Add(row);
        await context.SaveChangesAsync(cancellationToken);

        return ToRegistration(row);
    }

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

    // Stripe copies the reference into the checkout session, and shows the address in its form.
    private Uri? PaymentUrl(RegistrationRow row) => options.Value.PaymentLink is { Length: > 0 } link
        ? new Uri($"{link}{(link.Contains('?', StringComparison.Ordinal) ? '&' : '?')}" +
            $"client_reference_id={row.Id}&prefilled_email={Uri.EscapeDataString(row.Email)}")
        : null;
}
