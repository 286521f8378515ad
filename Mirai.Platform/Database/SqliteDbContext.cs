using Microsoft.EntityFrameworkCore;

namespace Mirai.Platform.Database;

/// <summary>The database as a SQLite file; a type of its own, because each kind has its own migrations.</summary>
internal sealed class SqliteDbContext(DbContextOptions<SqliteDbContext> options) : MiraiDbContext(options);
