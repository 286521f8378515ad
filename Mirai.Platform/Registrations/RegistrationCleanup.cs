using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Mirai.Platform.Cleanup;
using Mirai.Platform.Database;

namespace Mirai.Platform.Registrations;

/// <summary>Deletes registrations that expired without a payment. Whose payment comes later still gets an account: the
/// checkout session has the address and the name.</summary>
internal sealed class RegistrationCleanup(
    IDbContextFactory<MiraiDbContext> contexts, IOptions<CleanupOptions> options, TimeProvider time)
    : ICleanup
{
    public string What => "expired registrations";

    public async Task<long> RunAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Registrations
            .Where(row => row.State == RegistrationState.Pending && row.ExpiresAt < now)
            .DeleteInBatchesAsync(options.Value.BatchSize, cancellationToken);
    }
}
