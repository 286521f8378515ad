using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Tests.Library;

internal sealed class LibraryCacheTests
{
    [Test]
    public void AddLibraryEntries_TracksEveryFamilyOnce_HoweverOftenItIsCalled()
    {
        var services = new ServiceCollection();
        services.AddMiraiCache(_ => { }).AddLibraryEntries();
        services.AddMiraiCache(_ => { }).AddLibraryEntries();
        using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IOptions<CacheOptions>>().Value.Local.TrackedPrefixes, Is.EquivalentTo(
            new[] { "library:", "folders:", "folder:", "course:", "courses:", "hybrid:", "distributed:" }));
    }

    [Test]
    public void Json_HasTheNamesOfGoAndTypeScript_AndKeepsTheirMembers()
    {
        const string Text = """{"id":"42","title":"t","folderId":"f","tags":[],"level":3}""";

        var course = JsonSerializer.Deserialize(Text, LibraryJsonContext.Default.Course)!;

        Assert.That(course.More!["level"].GetInt32(), Is.EqualTo(3));
        Assert.That(JsonSerializer.Serialize(course, LibraryJsonContext.Default.Course), Is.EqualTo(Text));
    }
}
