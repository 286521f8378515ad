using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Mirai.Platform.Database;

/// <summary>For <c>dotnet ef migrations add</c>, which only needs the models.</summary>
internal sealed class DesignTimeContextFactory
    : IDesignTimeDbContextFactory<SqliteDbContext>, IDesignTimeDbContextFactory<PostgreSqlDbContext>
{
    SqliteDbContext IDesignTimeDbContextFactory<SqliteDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDbContext>().UseSqlite("Data Source=:memory:").Options);

    PostgreSqlDbContext IDesignTimeDbContextFactory<PostgreSqlDbContext>.CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlDbContext>().UseNpgsql("Host=nowhere").Options);
}
