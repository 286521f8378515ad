using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Cache;
using Mirai.Cache.Hosting;

namespace Mirai.Platform.Library;

/// <summary>Teaches the cache the entries of <see cref="CacheKeys"/>.</summary>
internal static class LibraryCacheExtensions
{
    // Redis refuses prefixes of which one begins with another; each of these ends with its colon.
    private static readonly string[] Families = ["library:", "folders:", "folder:", "course:", "courses:"];

    /// <summary>Registers the JSON of the entries, and asks Redis to report changes of their keys by other services.
    /// May be called more than once.</summary>
    /// <returns>The same builder.</returns>
    public static MiraiCacheBuilder AddLibraryEntries(this MiraiCacheBuilder cache)
    {
        cache.AddJsonContext(LibraryJsonContext.Default).Services.Configure<CacheOptions>(static options =>
        {
            foreach (var family in Families.Except(options.Local.TrackedPrefixes, StringComparer.Ordinal))
            {
                options.Local.TrackedPrefixes.Add(family);
            }
        });
        return cache;
    }
}

/// <summary>The JSON of the entries: names in camel case, as Go and TypeScript services write them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LibraryIndex))]
[JsonSerializable(typeof(IReadOnlyList<Folder>))]
[JsonSerializable(typeof(IReadOnlyList<Course>))]
public sealed partial class LibraryJsonContext : JsonSerializerContext;
