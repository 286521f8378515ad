using Microsoft.AspNetCore.Http;
using Mirai.Cache.Entries;

namespace Mirai.Cache.Http;

/// <summary>The data of an entry as a response, in the JSON that its ETag is of.</summary>
internal sealed class DataAsJson(EntrySerializer serializer) : ICacheEntryVisitor<IResult>
{
    public IResult Visit<T>(CacheEntry<T> entry) => TypedResults.Json(entry.Value, serializer.TypeOf<T>());
}
