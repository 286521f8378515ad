using Mirai.Cache;

namespace Mirai.Platform.Library;

/// <summary>Every cache key that Mirai's services share, on one page. Go and TypeScript services read and write the
/// same keys.</summary>
/// <remarks>Ids and statuses follow <see cref="CacheKey.CheckId"/>, tags <see cref="CacheKey.CheckTag"/>: text from a
/// request can become neither a pattern nor another key.</remarks>
public static class CacheKeys
{
    /// <summary><c>library:index</c></summary>
    public static CacheKey<LibraryIndex> LibraryIndex { get; } = CacheKey.Of<LibraryIndex>("library:index");

    /// <summary><c>folders:hierarchy</c>: the folders at the top, each with its subfolders.</summary>
    public static CacheKey<IReadOnlyList<Folder>> FolderHierarchy { get; } =
        CacheKey.Of<IReadOnlyList<Folder>>("folders:hierarchy");

    /// <summary><c>courses:all</c></summary>
    public static CacheKey<IReadOnlyList<Course>> AllCourses { get; } =
        CacheKey.Of<IReadOnlyList<Course>>("courses:all");

    /// <summary><c>course:{id}</c></summary>
    /// <param name="id">The id of the course.</param>
    /// <returns>The key of the course's entry.</returns>
    /// <exception cref="ArgumentException"><paramref name="id"/> is not an id.</exception>
    public static CacheKey<Course> Course(string id) => CacheKey.Of<Course>($"course:{CacheKey.CheckId(id)}");

    /// <summary><c>folder:{folderId}:courses</c></summary>
    /// <param name="folderId">The id of the folder.</param>
    /// <returns>The key of the entry with the folder's courses.</returns>
    /// <exception cref="ArgumentException"><paramref name="folderId"/> is not an id.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesOfFolder(string folderId) =>
        CacheKey.Of<IReadOnlyList<Course>>($"folder:{CacheKey.CheckId(folderId)}:courses");

    /// <summary><c>courses:status:{status}</c></summary>
    /// <param name="status">The status.</param>
    /// <returns>The key of the entry with the courses that have this status.</returns>
    /// <exception cref="ArgumentException"><paramref name="status"/> is not a status.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesWithStatus(string status) =>
        CacheKey.Of<IReadOnlyList<Course>>($"courses:status:{CacheKey.CheckId(status)}");

    /// <summary><c>courses:tag:{tag}</c></summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The key of the entry with the courses that have this tag.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is not a tag.</exception>
    public static CacheKey<IReadOnlyList<Course>> CoursesWithTag(string tag) =>
        CacheKey.Of<IReadOnlyList<Course>>($"courses:tag:{CacheKey.CheckTag(tag)}");
}
