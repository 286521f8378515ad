using System.Data;
using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;

namespace Mirai.Platform.Courses;

/// <summary>Writes folders, and deletes the cache entries that a change touches after its commit.</summary>
internal sealed class FolderWriter(IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation)
{
    public async Task<LibraryWriteStatus> CreateAsync(
        Guid id, FolderContent content, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await CheckPlaceAsync(context, id, content.ParentId, cancellationToken) is { } error)
        {
            return error;
        }

        context.Folders.Add(new FolderRow { Id = id, Name = content.Name, ParentId = content.ParentId });
        await context.SaveChangesAsync(cancellationToken);
        await invalidation.FolderChangedAsync(id, isDeleted: false);

        return LibraryWriteStatus.Done;
    }

    public Task<LibraryWriteStatus> UpdateAsync(
        Guid id, FolderContent content, int version, CancellationToken cancellationToken) => ChangeAsync(
            id, version, isDeleted: false,
            context => CheckPlaceAsync(context, id, content.ParentId, cancellationToken),
            folder => folder.ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Name, content.Name)
                    .SetProperty(row => row.ParentId, content.ParentId)
                    .SetProperty(row => row.Version, row => row.Version + 1),
                cancellationToken),
            cancellationToken);

    public Task<LibraryWriteStatus> DeleteAsync(Guid id, int version, CancellationToken cancellationToken) =>
        ChangeAsync(
            id, version, isDeleted: true,
            async context => await context.Folders.AnyAsync(row => row.ParentId == id, cancellationToken)
                || await context.Courses.AnyAsync(row => row.FolderId == id, cancellationToken)
                    ? LibraryWriteStatus.FolderNotEmpty
                    : null,
            folder => folder.ExecuteDeleteAsync(cancellationToken),
            cancellationToken);

    // Serializable: the check must still hold when the change commits.
    private async Task<LibraryWriteStatus> ChangeAsync(
        Guid id, int version, bool isDeleted, Func<MiraiDbContext, Task<LibraryWriteStatus?>> checkAsync,
        Func<IQueryable<FolderRow>, Task<int>> changeAsync, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, cancellationToken);
        if (await checkAsync(context) is { } error)
        {
            return error;
        }

        if (await changeAsync(context.Folders.Where(row => row.Id == id && row.Version == version)) == 0)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await transaction.CommitAsync(cancellationToken);
        await invalidation.FolderChangedAsync(id, isDeleted);

        return LibraryWriteStatus.Done;
    }

    // Walks from the new parent to the top. The walk must end, and must not meet the folder itself.
    private static async Task<LibraryWriteStatus?> CheckPlaceAsync(
        MiraiDbContext context, Guid id, Guid? parent, CancellationToken cancellationToken)
    {
        for (var depth = 1; parent is { } ancestor; depth++)
        {
            if (ancestor == id || depth >= CourseLimits.DeepestFolder)
            {
                return LibraryWriteStatus.FolderTooDeep;
            }

            var row = await context.Folders.AsNoTracking()
                .SingleOrDefaultAsync(row => row.Id == ancestor, cancellationToken);
            if (row is null)
            {
                return LibraryWriteStatus.NoSuchFolder;
            }

            parent = row.ParentId;
        }

        return null;
    }
}
