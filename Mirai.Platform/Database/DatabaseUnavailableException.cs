namespace Mirai.Platform.Database;

/// <summary>The database could not be opened or brought up to date at start. The message names the database, without
/// its password, and the setting.</summary>
public sealed class DatabaseUnavailableException : Exception
{
    /// <summary>A database that cannot be used.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public DatabaseUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
