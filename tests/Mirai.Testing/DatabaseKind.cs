namespace Mirai.Testing;

/// <summary>The databases that Mirai.Platform runs on.</summary>
public enum DatabaseKind
{
    /// <summary>A file.</summary>
    Sqlite,

    /// <summary>A server.</summary>
    PostgreSql,
}
