using System.Text.Json;
using Mirai.Api.Requests;
using Mirai.Platform.Courses;

namespace Mirai.Api.Courses;

/// <summary>Body of <c>POST /api/courses</c> and <c>PUT /api/courses/{id}</c>. A course can be sent
/// back as it was read: members that the API itself sets are ignored.</summary>
internal sealed record CourseRequest
{
    public string? Title { get; init; }

    public string? Summary { get; init; }

    public string? FolderId { get; init; }

    public string? Status { get; init; }

    public List<string?>? Tags { get; init; }

    /// <summary>All lessons in order; absent or null leaves them as they are.</summary>
    public List<LessonRequest?>? Lessons { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Id { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Generator { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Version { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement UpdatedAt { get; init; }

    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public CourseContent Read()
    {
        var errors = new FieldErrors();
        var content = new CourseContent(Title ?? "")
        {
            Summary = Summary,
            FolderId = FieldValues.Id("folderId", FolderId, errors),
            Status = ReadStatus(Status ?? CourseStatusText.Of(CourseStatus.Draft), errors),
            Tags = [.. (Tags ?? []).Select(tag => tag ?? "")],
            Lessons = Lessons?.Select(lesson => (lesson ?? new LessonRequest()).Read()).ToList(),
        };
        foreach (var (field, error) in content.Check())
        {
            errors.Add(field, error);
        }

        errors.ThrowIfAny();
        return content;
    }

    /// <summary>Reads which courses a list is to have.</summary>
    /// <exception cref="InvalidRequestException">There is no such status, or no tag can have that text.</exception>
    public static CourseFilter ReadFilter(string? status, string? tag)
    {
        var errors = new FieldErrors();
        CourseStatus? filter = string.IsNullOrEmpty(status) ? null : ReadStatus(status, errors);
        var content = new CourseContent("any") { Tags = string.IsNullOrEmpty(tag) ? [] : [tag] };
        foreach (var (_, error) in content.Check())
        {
            errors.Add("tag", error);
        }

        errors.ThrowIfAny();
        return new CourseFilter(filter, string.IsNullOrEmpty(tag) ? null : tag);
    }

    private static CourseStatus ReadStatus(string text, FieldErrors errors)
    {
        if (CourseStatusText.Find(text) is { } status)
        {
            return status;
        }

        errors.Add("status", $"must be one of {string.Join(", ", CourseStatusText.All)}");
        return CourseStatus.Draft;
    }
}

/// <summary>A lesson in the body of a course.</summary>
internal sealed record LessonRequest
{
    /// <summary>The lesson to change; without an id it is a new lesson.</summary>
    public string? Id { get; init; }

    public string? Title { get; init; }

    public string? Summary { get; init; }

    /// <summary>Markdown.</summary>
    public string? Body { get; init; }

    public List<string?>? KeyPoints { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Sources { get; init; }

    /// <summary>Ignored.</summary>
    public JsonElement Generator { get; init; }

    public LessonContent Read() => new(Title ?? "")
    {
        Id = Guid.TryParse(Id, out var id) ? id : null,
        Summary = Summary,
        Body = Body,
        KeyPoints = [.. (KeyPoints ?? []).Select(point => point ?? "")],
    };
}
