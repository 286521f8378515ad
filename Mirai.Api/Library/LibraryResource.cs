using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Cache;
using Mirai.Cache.AspNetCore;
using Mirai.Platform.Courses;

namespace Mirai.Api.Library;

/// <summary>What courses and folders have in common: they are changed under a condition, and refused for the same
/// reasons. Handlers return an <see cref="object"/>: the filter of entity tags turns an entry of the cache into its
/// data with an <c>ETag</c>, or into 304.</summary>
/// <param name="Noun"><c>course</c> or <c>folder</c>.</param>
/// <param name="FolderField">The field of a request that names a folder.</param>
internal sealed record LibraryResource(string Noun, string FolderField)
{
    /// <summary>Finds one by the id in the path.</summary>
    public async Task<object> FindAsync<T>(string id, Func<Guid, ValueTask<CacheEntry<T>?>> find) =>
        Guid.TryParse(id, out var known) && await find(known) is { } found ? found : NotFound(id);

    /// <summary>Changes or deletes one under the condition of the request.</summary>
    /// <param name="id">The id in the path.</param>
    /// <param name="condition">The condition of the request; a request without one is refused (428).</param>
    /// <param name="change">Changes it, if the condition holds.</param>
    /// <param name="answer">Makes the answer to a change that happened.</param>
    /// <exception cref="InvalidRequestException">The folder in the request does not exist, or is nested too
    /// deeply.</exception>
    public async Task<object> ChangeAsync(
        string id, RequestCondition condition, Func<Guid, CacheCondition, Task<LibraryWriteStatus>> change,
        Func<Guid, Task<object>> answer)
    {
        if (condition.Condition is not { } expected)
        {
            return TypedResults.Problem(
                "Send If-Match with the ETag of what you change, or * to change any version.",
                statusCode: StatusCodes.Status428PreconditionRequired);
        }

        if (!Guid.TryParse(id, out var known))
        {
            return NotFound(id);
        }

        var status = await change(known, expected);
        return (object?)Refusal(status, Named(id)) ?? await answer(known);
    }

    /// <summary>The answer to an addition that did not happen; <see langword="null"/> when it did.</summary>
    /// <exception cref="InvalidRequestException">The folder in the request does not exist, or is nested too
    /// deeply.</exception>
    public object? RefusalToAdd(LibraryWriteStatus status) => Refusal(status, Noun);

    public ProblemHttpResult NotFound(string id) => Missing(Named(id));

    private string Named(string id) => $"{Noun} \"{id}\"";

    private static ProblemHttpResult Missing(string what) =>
        TypedResults.Problem($"There is no {what}.", statusCode: StatusCodes.Status404NotFound);

    private ProblemHttpResult? Refusal(LibraryWriteStatus status, string what) => status switch
    {
        LibraryWriteStatus.Done => null,
        LibraryWriteStatus.NotFound => Missing(what),
        LibraryWriteStatus.PreconditionFailed => TypedResults.Problem(
            $"The {what} is another version than If-Match names. Get it again.",
            statusCode: StatusCodes.Status412PreconditionFailed),
        LibraryWriteStatus.FolderNotEmpty => TypedResults.Problem(
            $"The {what} has folders or courses in it.", statusCode: StatusCodes.Status409Conflict),
        LibraryWriteStatus.NoSuchFolder => throw new InvalidRequestException(
            FolderField, "names a folder that does not exist"),
        LibraryWriteStatus.FolderTooDeep => throw new InvalidRequestException(
            FolderField, $"must not be the folder itself or inside it, nor {CourseLimits.DeepestFolder} folders deep"),
        _ => throw new InvalidOperationException($"Unexpected LibraryWriteStatus {status}."),
    };
}
