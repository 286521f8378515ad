using Mirai.Cache;
using Mirai.Platform.Changes;
using Mirai.Platform.Library;

namespace Mirai.Platform.Courses;

internal sealed partial class CourseLibrary
{
    public async Task<(Guid Id, LibraryWriteStatus Status)> CreateFolderAsync(
        FolderContent content, CancellationToken cancellationToken = default)
    {
        Throw(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var status = await folders.CreateAsync(id, content, cancellationToken);
        await PublishAsync(status, Change.Folder, id);

        return (id, status);
    }

    public Task<LibraryWriteStatus> UpdateFolderAsync(
        Guid id, FolderContent content, CacheCondition condition, CancellationToken cancellationToken = default)
    {
        Throw(content?.Check() ?? throw new ArgumentNullException(nameof(content)));
        return ChangeFolderAsync(
            id, condition, version => folders.UpdateAsync(id, content, version, cancellationToken), cancellationToken);
    }

    public Task<LibraryWriteStatus> DeleteFolderAsync(
        Guid id, CacheCondition condition, CancellationToken cancellationToken = default) => ChangeFolderAsync(
            id, condition, version => folders.DeleteAsync(id, version, cancellationToken), cancellationToken);

    // As with courses; the version that clients know is that of all folders together.
    private async Task<LibraryWriteStatus> ChangeFolderAsync(
        Guid id, CacheCondition condition, Func<int, Task<LibraryWriteStatus>> change,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        for (var look = 1; ; look++)
        {
            var entry = await GetFoldersAsync(cancellationToken);
            var folder = Find(entry.Value, id.ToString());
            var status = folder is null
                ? LibraryWriteStatus.NotFound
                : condition.IsMetByDataOf(entry.ETag)
                    ? await change(folder.Version ?? 0)
                    : LibraryWriteStatus.PreconditionFailed;
            if (status is not (LibraryWriteStatus.PreconditionFailed or LibraryWriteStatus.NotFound) || look == Looks)
            {
                await PublishAsync(status, Change.Folder, id);
                return status;
            }

            await cache.DeleteAsync(CacheKeys.FolderHierarchy, cancellationToken: CancellationToken.None);
        }
    }

    private static Folder? Find(IReadOnlyList<Folder> among, string id) => among
        .Select(folder => folder.Id == id ? folder : Find(folder.Folders, id))
        .FirstOrDefault(found => found is not null);
}
