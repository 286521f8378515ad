namespace Mirai.Api.Requests;

/// <summary>Collects the wrong fields of a request, so that one answer names all of them.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = [];

    public void Add(string field, string error) =>
        errors[field] = errors.TryGetValue(field, out var others) ? [.. others, error] : [error];

    /// <exception cref="InvalidRequestException">A field is wrong.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }
}

/// <summary>A request with wrong fields. The answer names each of them.</summary>
/// <param name="errors">What is wrong with each field, by its name in the body.</param>
/// <param name="statusCode">The answer's status.</param>
internal sealed class InvalidRequestException(
    IDictionary<string, string[]> errors, int statusCode = StatusCodes.Status400BadRequest)
    : Exception("The request is not valid.")
{
    public InvalidRequestException(string field, string error, int statusCode = StatusCodes.Status400BadRequest)
        : this(new Dictionary<string, string[]> { [field] = [error] }, statusCode)
    {
    }

    public IDictionary<string, string[]> Errors { get; } = errors;

    public int StatusCode { get; } = statusCode;
}
