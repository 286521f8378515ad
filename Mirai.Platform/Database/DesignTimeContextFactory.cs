using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Mirai.Platform.Database;

/// <summary>For <c>dotnet ef migrations add</c>, which only needs the model.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<MiraiDbContext>
{
    public MiraiDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<MiraiDbContext>().UseSqlite("Data Source=:memory:").Options);
}
