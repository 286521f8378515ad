namespace Mirai.Api.Requests;

/// <summary>A request that cannot be taken as it is. The answer names each wrong field.</summary>
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
