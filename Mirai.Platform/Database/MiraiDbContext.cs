using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Logging;

namespace Mirai.Platform.Database;

/// <summary>The platform's database. The context knows no table: each domain keeps its rows, their configurations and
/// a property of the context for each table in a file of its own, for instance <c>Payments/PaymentTables.cs</c>.
/// </summary>
internal abstract class MiraiDbContext(DbContextOptions options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MiraiDbContext).Assembly);
}

/// <summary>The database as a SQLite file. It is a type of its own because each kind of database has its own
/// migrations.</summary>
internal sealed class SqliteDbContext(DbContextOptions<SqliteDbContext> options) : MiraiDbContext(options);

/// <summary>The database on a PostgreSQL server, a type of its own for the same reason.</summary>
internal sealed class PostgreSqlDbContext(DbContextOptions<PostgreSqlDbContext> options) : MiraiDbContext(options);

/// <summary>Creates contexts for the configured database.</summary>
/// <param name="address">The database.</param>
/// <param name="interceptors">What the domains do when a context commits; the outbox wakes its relay.</param>
/// <param name="loggers">Where EF Core logs.</param>
internal sealed class MiraiDbContextFactory(
    DatabaseAddress address, IEnumerable<IInterceptor> interceptors, ILoggerFactory loggers)
    : IDbContextFactory<MiraiDbContext>
{
    private readonly IInterceptor[] interceptors = [.. interceptors];

    public MiraiDbContext CreateDbContext() => address.CreateContext(options => options
        .UseLoggerFactory(loggers)
        .AddInterceptors(interceptors)
        .ConfigureWarnings(warnings => warnings.Log(
            (RelationalEventId.CommandExecuted, LogLevel.Debug),
            (RelationalEventId.CommandError, LogLevel.Debug))));
}

/// <summary>Creates contexts for <c>dotnet ef migrations add</c>, which reads their models and opens no
/// connection.</summary>
internal sealed class DesignTimeContextFactory
    : IDesignTimeDbContextFactory<SqliteDbContext>, IDesignTimeDbContextFactory<PostgreSqlDbContext>
{
    SqliteDbContext IDesignTimeDbContextFactory<SqliteDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDbContext>().UseSqlite("Data Source=:memory:").Options);

    PostgreSqlDbContext IDesignTimeDbContextFactory<PostgreSqlDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlDbContext>().UseNpgsql("Host=nowhere").Options);
}

/// <summary>Stores moments in UTC. SQLite compares moments as text, and texts with different offsets compare
/// wrongly.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTime>(
    moment => moment.UtcDateTime,
    stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
