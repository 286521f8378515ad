using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>The database on PostgreSQL; a type of its own, because each kind has its own migrations.</summary>
internal sealed class PostgreSqlDbContext(DbContextOptions<PostgreSqlDbContext> options) : MiraiDbContext(options);
