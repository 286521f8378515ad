using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mirai.Platform.Database;

/// <summary>Checks whether the database answers.</summary>
internal sealed class DatabaseHealthCheck(IDbContextFactory<MiraiDbContext> contexts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            return await database.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The database does not answer.");
        }
        catch (Exception exception) when (exception is DbException || exception.InnerException is DbException)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, "The database does not answer.", exception);
        }
    }
}
