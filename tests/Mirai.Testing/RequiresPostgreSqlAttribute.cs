namespace Mirai.Testing;

/// <summary>The test needs a PostgreSQL server. It is skipped on a machine without PostgreSQL.</summary>
public sealed class RequiresPostgreSqlAttribute : RequirementAttribute
{
    protected override string Category => "RequiresPostgreSql";

    protected override string? FindSkipReason() => PostgreSqlServer.IsAvailable
        ? null
        : $"There is no PostgreSQL server here (initdb, or {PostgreSqlServer.Variable}).";
}
