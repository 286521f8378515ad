using Microsoft.Data.Sqlite;

namespace Mirai.Platform.Database;

/// <summary>The SQLite file that API and worker share.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="ConnectionString">How to open it.</param>
internal sealed record DatabaseFile(string Path, string ConnectionString)
{
    // Longer than any transaction of ours; a request that waits for the lock must still get its answer.
    private const int CommandTimeoutSeconds = 10;

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It is none, or it does not name a file.</exception>
    public static DatabaseFile Parse(string connectionString)
    {
        var builder = ParseBuilder(connectionString);
        var source = builder.DataSource;
        if (builder.Mode == SqliteOpenMode.Memory || source is "" or ":memory:"
            || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("Data Source must be the path of a file, which API and worker share.");
        }

        builder.DataSource = System.IO.Path.GetFullPath(source);
        builder.ForeignKeys = true;
        if (!builder.ShouldSerialize("Default Timeout"))
        {
            builder.DefaultTimeout = CommandTimeoutSeconds;
        }

        return new DatabaseFile(builder.DataSource, builder.ConnectionString);
    }

    private static SqliteConnectionStringBuilder ParseBuilder(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new FormatException($"This is no SQLite connection string: {exception.Message}", exception);
        }
    }
}
