using Mirai.Cache.Library;

namespace Mirai.Cache;

/// <summary>Every key that Mirai's services share, on one page. Go and TypeScript services read and write the same
/// keys.</summary>
/// <remarks>Ids and statuses have 1 to 128 characters: ASCII letters, digits, hyphen, underscore, dot. Tags may have
/// letters of any language, spaces inside, and <c>+#&amp;</c> as well. Anything else is an
/// <see cref="ArgumentException"/>: a name from a request cannot become a pattern or another key.</remarks>
public static class CacheKeys
{
    /// <summary><c>library:index</c></summary>
    public static CacheKey<LibraryIndex> LibraryIndex { get; } = new("library:index");

    /// <summary><c>folders:hierarchy</c>: the folders at the top, with theirs inside.</summary>
    public static CacheKey<IReadOnlyList<Folder>> FolderHierarchy { get; } = new("folders:hierarchy");

    /// <summary><c>courses:all</c></summary>
    public static CacheKey<IReadOnlyList<Course>> AllCourses { get; } = new("courses:all");

    /// <summary><c>course:{id}</c></summary>
    /// <param name="id">The course.</param>
    /// <returns>The key of its entry.</returns>
    /// <exception cref="ArgumentException">It is not an id.</exception>
    public static CacheKey<Course> Course(string id) => new($"course:{KeyName.CheckId(id)}");

    /// <summary><c>folder:{folderId}:courses</c></summary>
    /// <param name="folderId">The folder.</param>
    /// <returns>The key of the entry with its courses.</returns>
    /// <exception cref="ArgumentException">It is not an id.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesOfFolder(string folderId) =>
        new($"folder:{KeyName.CheckId(folderId)}:courses");

    /// <summary><c>courses:status:{status}</c></summary>
    /// <param name="status">The status.</param>
    /// <returns>The key of the entry with the courses that have it.</returns>
    /// <exception cref="ArgumentException">It is not a status.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesWithStatus(string status) =>
        new($"courses:status:{KeyName.CheckId(status)}");

    /// <summary><c>courses:tag:{tag}</c></summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The key of the entry with the courses that have it.</returns>
    /// <exception cref="ArgumentException">It is not a tag.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesWithTag(string tag) =>
        new($"courses:tag:{KeyName.CheckTag(tag)}");
}
