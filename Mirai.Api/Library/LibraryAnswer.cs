using Microsoft.AspNetCore.Http.HttpResults;
using Mirai.Api.Requests;
using Mirai.Platform.Courses;

namespace Mirai.Api.Library;

/// <summary>What a change of the library is answered with when it did not happen.</summary>
internal static class LibraryAnswer
{
    /// <summary>The answer.</summary>
    /// <param name="status">What became of the change.</param>
    /// <param name="what">A course or a folder, and which.</param>
    /// <param name="folderField">The field that names a folder.</param>
    /// <returns><see langword="null"/> when it happened.</returns>
    /// <exception cref="InvalidRequestException">The folder that the request names will not do.</exception>
    public static ProblemHttpResult? Refusal(
        LibraryWriteStatus status, string what, string folderField) => status switch
    {
        LibraryWriteStatus.Done => null,
        LibraryWriteStatus.NotFound => NotFound(what),
        LibraryWriteStatus.PreconditionFailed => TypedResults.Problem(
            $"The {what} is another version than If-Match names. Get it again.",
            statusCode: StatusCodes.Status412PreconditionFailed),
        LibraryWriteStatus.FolderNotEmpty => TypedResults.Problem(
            $"The {what} has folders or courses in it.", statusCode: StatusCodes.Status409Conflict),
        LibraryWriteStatus.NoSuchFolder => throw new InvalidRequestException(
            folderField, "names a folder that does not exist"),
        LibraryWriteStatus.FolderTooDeep => throw new InvalidRequestException(
            folderField, $"must not be the folder itself or inside it, nor {CourseLimits.DeepestFolder} folders deep"),
        _ => throw new InvalidOperationException($"The library answered {status}."),
    };

    public static ProblemHttpResult NotFound(string what) =>
        TypedResults.Problem($"There is no {what}.", statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult ConditionMissing() => TypedResults.Problem(
        "Send If-Match with the ETag of what you change, or * to change it whatever it is.",
        statusCode: StatusCodes.Status428PreconditionRequired);
}
