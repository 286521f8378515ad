using Mirai.Platform.Database;

namespace Mirai.Platform.Courses;

/// <summary>Replaces the lessons of a course. One that keeps its id keeps its sources; one whose text a person changed
/// is no generator's any more.</summary>
internal static class CourseLessons
{
    public static void Replace(CourseRow course, IReadOnlyList<LessonContent> lessons)
    {
        var known = course.Lessons.ToDictionary(lesson => lesson.Id);
        course.Lessons.Clear();
        for (var position = 0; position < lessons.Count; position++)
        {
            var content = lessons[position];
            if (content.Id is not { } id || !known.Remove(id, out var row))
            {
                row = new LessonRow
                {
                    Id = Guid.NewGuid(),
                    Position = position,
                    Title = content.Title,
                    KeyPoints = [],
                    Sources = [],
                };
            }

            row.Generator = row.Body == content.Body ? row.Generator : null;
            row.Position = position;
            row.Title = content.Title;
            row.Summary = content.Summary;
            row.Body = content.Body;
            row.KeyPoints = [.. content.KeyPoints];
            course.Lessons.Add(row);
        }
    }
}
