using Microsoft.Extensions.Options;

namespace Mirai.Platform.Database;

/// <summary>The address of the database.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>The variable that PostgreSQL hosters set. It wins over the connection string.</summary>
    public const string Variable = "DATABASE_URL";

    /// <summary>The name in the configuration section <c>ConnectionStrings</c>.</summary>
    public const string Name = "Mirai";

    /// <summary>A SQLite connection string that names a file (a relative path starts at the current directory), a
    /// PostgreSQL connection string, or <c>postgres://user:password@host/database</c>.</summary>
    public string ConnectionString { get; set; } = "Data Source=.local/mirai.db";

    /// <summary>The name of the setting, for messages.</summary>
    public string Setting { get; set; } = $"ConnectionStrings:{Name}";
}

/// <summary>Stops the program at start when the connection string cannot be used.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        try
        {
            _ = DatabaseAddress.Parse(options.ConnectionString);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"{options.Setting}: {exception.Message}");
        }
    }
}
