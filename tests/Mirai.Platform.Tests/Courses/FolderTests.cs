using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Platform.Courses;
using Mirai.Testing;

namespace Mirai.Platform.Tests.Courses;

[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.PostgreSql)]
internal sealed class FolderTests(DatabaseKind kind) : PlatformTest(kind)
{
    [SetUp]
    public Task EmptyRedisAsync() => TestRedis.EmptyAsync();

    [Test]
    public async Task Update_RenamesAndMovesTheFolder_ButNotIntoItself()
    {
        var library = await LibraryAsync();
        var parent = (await library.CreateFolderAsync(new FolderContent("Parent", null))).Id;
        var child = (await library.CreateFolderAsync(new FolderContent("Child", null))).Id;

        var moved = await library.UpdateFolderAsync(child, new FolderContent("Inner", parent), CacheCondition.Exists);
        var circle = await library.UpdateFolderAsync(parent, new FolderContent("Parent", child), CacheCondition.Exists);

        Assert.That(
            (moved, circle), Is.EqualTo((LibraryWriteStatus.Done, LibraryWriteStatus.FolderTooDeep)));
        Assert.That(
            await QueryAsync("""SELECT "Name", "Version", "ParentId" IS NULL FROM folders ORDER BY "Name" """),
            Is.EqualTo(new[] { "Inner | 2 | 0", "Parent | 1 | 1" }));
    }

    [Test]
    public async Task Delete_DeletesTheFolder_OnceItIsEmpty()
    {
        var library = await LibraryAsync();
        var parent = (await library.CreateFolderAsync(new FolderContent("Parent", null))).Id;
        var child = (await library.CreateFolderAsync(new FolderContent("Child", parent))).Id;

        var full = await library.DeleteFolderAsync(parent, CacheCondition.Exists);
        var first = await library.DeleteFolderAsync(child, CacheCondition.Exists);
        var second = await library.DeleteFolderAsync(parent, CacheCondition.Exists);
        var gone = await library.DeleteFolderAsync(parent, CacheCondition.Exists);

        Assert.That(
            new[] { full, first, second, gone },
            Is.EqualTo(new[]
            {
                LibraryWriteStatus.FolderNotEmpty, LibraryWriteStatus.Done, LibraryWriteStatus.Done,
                LibraryWriteStatus.NotFound,
            }));
        Assert.That(await QueryAsync("SELECT count(*) FROM folders"), Is.EqualTo(new[] { "0" }));
    }

    private async Task<CourseLibrary> LibraryAsync()
    {
        var platform = Platform();
        await MigrateAsync(platform);

        return platform.GetRequiredService<CourseLibrary>();
    }
}
