using System.Data;
using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Database;

namespace Mirai.Platform.Courses;

/// <summary>Writes folders, and takes what that touches out of the cache once it is committed.</summary>
internal sealed class FolderWriter(IDbContextFactory<MiraiDbContext> contexts, CourseInvalidation invalidation)
{
    public async Task<LibraryWriteStatus> CreateAsync(
        Guid id, FolderContent content, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await CheckPlaceAsync(context, id, content.ParentId, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        context.Folders.Add(new FolderRow { Id = id, Name = content.Name, ParentId = content.ParentId });
        await context.SaveChangesAsync(cancellationToken);
        await invalidation.FolderChangedAsync(id, isDeleted: false);

        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> UpdateAsync(
        Guid id, FolderContent content, int version, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, cancellationToken);
        if (await CheckPlaceAsync(context, id, content.ParentId, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        var changed = await context.Folders.Where(row => row.Id == id && row.Version == version).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Name, content.Name)
                .SetProperty(row => row.ParentId, content.ParentId)
                .SetProperty(row => row.Version, row => row.Version + 1),
            cancellationToken);
        if (changed == 0)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await transaction.CommitAsync(cancellationToken);
        await invalidation.FolderChangedAsync(id, isDeleted: false);

        return LibraryWriteStatus.Done;
    }

    public async Task<LibraryWriteStatus> DeleteAsync(Guid id, int version, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(
            IsolationLevel.Serializable, cancellationToken);
        if (await context.Folders.AnyAsync(row => row.ParentId == id, cancellationToken)
            || await context.Courses.AnyAsync(row => row.FolderId == id, cancellationToken))
        {
            return LibraryWriteStatus.FolderNotEmpty;
        }

        var deleted = await context.Folders.Where(row => row.Id == id && row.Version == version)
            .ExecuteDeleteAsync(cancellationToken);
        if (deleted == 0)
        {
            return LibraryWriteStatus.PreconditionFailed;
        }

        await transaction.CommitAsync(cancellationToken);
        await invalidation.FolderChangedAsync(id, isDeleted: true);

        return LibraryWriteStatus.Done;
    }

    // Up from the new parent to the top: it must end, and not come by the folder itself.
    private static async Task<LibraryWriteStatus?> CheckPlaceAsync(
        MiraiDbContext context, Guid id, Guid? parent, CancellationToken cancellationToken)
    {
        for (var depth = 1; parent is { } here; depth++)
        {
            if (here == id || depth >= CourseLimits.DeepestFolder)
            {
                return LibraryWriteStatus.FolderTooDeep;
            }

            var row = await context.Folders.AsNoTracking()
                .SingleOrDefaultAsync(row => row.Id == here, cancellationToken);
            if (row is null)
            {
                return LibraryWriteStatus.NoSuchFolder;
            }

            parent = row.ParentId;
        }

        return null;
    }
}
