using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Database;

/// <summary>Makes contexts for the kind of database there is.</summary>
internal sealed class MiraiDbContextFactory(DatabaseAddress address, OutboxSignal outbox, ILoggerFactory loggers)
    : IDbContextFactory<MiraiDbContext>
{
    private readonly OutboxWakeUp wakeUp = new(outbox);

    public MiraiDbContext CreateDbContext() => address.CreateContext(options => options
        .UseLoggerFactory(loggers)
        .AddInterceptors(wakeUp)
        .ConfigureWarnings(warnings => warnings.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug))));
}
