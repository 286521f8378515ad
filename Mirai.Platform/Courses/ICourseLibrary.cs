using System.Data.Common;
using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

/// <summary>Courses and their folders: kept in the database, read through the cache. A change is in the database, and
/// the entries it touches are gone, when its method returns.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when it needs the
/// database and that cannot be reached. Changes take a condition that is compared with the version of the data, and
/// the database compares once more: of two changes for the same version one is refused.</remarks>
public interface ICourseLibrary
{
    /// <summary>Everything at a glance.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Folders and courses.</returns>
    ValueTask<CacheEntry<LibraryIndex>> GetIndexAsync(CancellationToken cancellationToken = default);

    /// <summary>The folders at the top, with theirs inside.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>By name.</returns>
    ValueTask<CacheEntry<IReadOnlyList<Folder>>> GetFoldersAsync(CancellationToken cancellationToken = default);

    /// <summary>All courses, or those of a status, or those of a tag.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>By title, without lessons; at most <see cref="CourseLimits.LongestList"/>.</returns>
    ValueTask<CacheEntry<IReadOnlyList<Course>>> GetCoursesAsync(
        CourseFilter filter, CancellationToken cancellationToken = default);

    /// <summary>The courses of a folder.</summary>
    /// <param name="folderId">The folder.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>By title, without lessons; <see langword="null"/> when there is no such folder.</returns>
    ValueTask<CacheEntry<IReadOnlyList<Course>>?> FindCoursesOfFolderAsync(
        Guid folderId, CancellationToken cancellationToken = default);

    /// <summary>A course with its lessons.</summary>
    /// <param name="id">The course.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is no such course.</returns>
    ValueTask<CacheEntry<Course>?> FindCourseAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Adds a course.</summary>
    /// <param name="content">The course.</param>
    /// <param name="cancellationToken">Gives up while nothing is stored.</param>
    /// <returns>Its id; and whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    Task<(Guid Id, LibraryWriteStatus Status)> CreateCourseAsync(
        CourseContent content, CancellationToken cancellationToken = default);

    /// <summary>Replaces a course.</summary>
    /// <param name="id">The course.</param>
    /// <param name="content">What it is from now on.</param>
    /// <param name="condition">The version that is replaced.</param>
    /// <param name="cancellationToken">Gives up while nothing is stored.</param>
    /// <returns>Whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    Task<LibraryWriteStatus> UpdateCourseAsync(
        Guid id, CourseContent content, CacheCondition condition, CancellationToken cancellationToken = default);

    /// <summary>Deletes a course with its lessons.</summary>
    /// <param name="id">The course.</param>
    /// <param name="condition">The version that is deleted.</param>
    /// <param name="cancellationToken">Gives up while nothing is deleted.</param>
    /// <returns>Whether it is gone.</returns>
    Task<LibraryWriteStatus> DeleteCourseAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default);

    /// <summary>Adds a folder.</summary>
    /// <param name="content">The folder.</param>
    /// <param name="cancellationToken">Gives up while nothing is stored.</param>
    /// <returns>Its id; and whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    Task<(Guid Id, LibraryWriteStatus Status)> CreateFolderAsync(
        FolderContent content, CancellationToken cancellationToken = default);

    /// <summary>Renames or moves a folder.</summary>
    /// <param name="id">The folder.</param>
    /// <param name="content">What it is from now on.</param>
    /// <param name="condition">The version of all folders, that of <see cref="GetFoldersAsync"/>.</param>
    /// <param name="cancellationToken">Gives up while nothing is stored.</param>
    /// <returns>Whether it is stored.</returns>
    /// <exception cref="ArgumentException">The content is not valid.</exception>
    Task<LibraryWriteStatus> UpdateFolderAsync(
        Guid id, FolderContent content, CacheCondition condition, CancellationToken cancellationToken = default);

    /// <summary>Deletes an empty folder.</summary>
    /// <param name="id">The folder.</param>
    /// <param name="condition">The version of all folders, that of <see cref="GetFoldersAsync"/>.</param>
    /// <param name="cancellationToken">Gives up while nothing is deleted.</param>
    /// <returns>Whether it is gone.</returns>
    Task<LibraryWriteStatus> DeleteFolderAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default);
}
