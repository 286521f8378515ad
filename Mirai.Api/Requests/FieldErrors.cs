namespace Mirai.Api.Requests;

/// <summary>Gathers what is wrong with a request, so that one answer names everything.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = [];

    public void Add(string field, string error) =>
        errors[field] = errors.TryGetValue(field, out var others) ? [.. others, error] : [error];

    /// <exception cref="InvalidRequestException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }
}
