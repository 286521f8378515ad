namespace Mirai.Platform.Database;

/// <summary>Where the database is.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>The name in the configuration section <c>ConnectionStrings</c>.</summary>
    public const string Name = "Mirai";

    /// <summary>A SQLite connection string that names a file; a relative path starts at the current
    /// directory.</summary>
    public string ConnectionString { get; set; } = "Data Source=.local/mirai.db";
}
