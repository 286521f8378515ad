using Microsoft.Extensions.Options;

namespace Mirai.Platform.Database;

/// <summary>Stops the program at start when the connection string cannot be used.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        try
        {
            _ = DatabaseFile.Parse(options.ConnectionString);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"ConnectionStrings:{DatabaseOptions.Name}: {exception.Message}");
        }
    }
}
