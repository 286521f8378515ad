using Mirai.Api.Requests;
using Mirai.Platform.Courses;

namespace Mirai.Api.Courses;

/// <summary>Turns requests into courses, or says everything that is wrong with them.</summary>
internal static class CourseFields
{
    /// <exception cref="InvalidRequestException">Fields are wrong.</exception>
    public static CourseContent Read(CourseRequest request)
    {
        var errors = new FieldErrors();
        var content = new CourseContent(request.Title ?? "")
        {
            Summary = request.Summary,
            FolderId = FieldValues.Id("folderId", request.FolderId, errors),
            Status = ReadStatus(request.Status ?? CourseStatusText.Of(CourseStatus.Draft), errors),
            Tags = [.. (request.Tags ?? []).Select(tag => tag ?? "")],
            Lessons = request.Lessons is { } lessons ? [.. lessons.Select(Read)] : null,
        };
        foreach (var (field, error) in content.Check())
        {
            errors.Add(field, error);
        }

        errors.ThrowIfAny();
        return content;
    }

    /// <exception cref="InvalidRequestException">There is no such status, or it is no tag.</exception>
    public static CourseFilter Filter(string? status, string? tag)
    {
        var errors = new FieldErrors();
        CourseStatus? wanted = string.IsNullOrEmpty(status) ? null : ReadStatus(status, errors);
        var content = new CourseContent("any") { Tags = string.IsNullOrEmpty(tag) ? [] : [tag] };
        foreach (var (_, error) in content.Check())
        {
            errors.Add("tag", error);
        }

        errors.ThrowIfAny();
        return new CourseFilter(wanted, string.IsNullOrEmpty(tag) ? null : tag);
    }

    private static LessonContent Read(LessonRequest? lesson) => new(lesson?.Title ?? "")
    {
        Id = Guid.TryParse(lesson?.Id, out var id) ? id : null,
        Summary = lesson?.Summary,
        Body = lesson?.Body,
        KeyPoints = [.. (lesson?.KeyPoints ?? []).Select(point => point ?? "")],
    };

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
