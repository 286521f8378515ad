namespace Mirai.Platform.Generation;

/// <summary>A request for a job that cannot be taken.</summary>
public sealed class InvalidGenerationException : Exception
{
    /// <summary>What is wrong.</summary>
    /// <param name="field">The field of the request, in camel case.</param>
    /// <param name="error">What is wrong with it.</param>
    public InvalidGenerationException(string field, string error)
        : base($"{field} {error}.") => (Field, Error) = (field, error);

    /// <summary>The field of the request, in camel case.</summary>
    public string Field { get; }

    /// <summary>What is wrong with it.</summary>
    public string Error { get; }
}
