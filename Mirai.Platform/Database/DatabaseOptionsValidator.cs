using Microsoft.Extensions.Options;

namespace Mirai.Platform.Database;

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
