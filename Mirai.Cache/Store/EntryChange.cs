using Mirai.Cache.Entries;

namespace Mirai.Cache.Store;

/// <summary>One write or deletion of an entry.</summary>
/// <param name="Name">The key.</param>
/// <param name="Entry">What to write; <see langword="null"/> deletes.</param>
/// <param name="TimeToLive">How long Redis keeps it.</param>
internal sealed record EntryChange(string Name, EncodedEntry? Entry, TimeSpan TimeToLive)
{
    /// <summary>What must be true of the entry that is there.</summary>
    public CacheCondition? Condition { get; init; }

    /// <summary>The fill that stores what it made; it needs no <see cref="Condition"/>.</summary>
    public Fill? Fill { get; init; }

    /// <summary>Whether other caches need to hear of it.</summary>
    public bool IsTold { get; init; } = true;

    public static EntryChange Deletion(string name) => new(name, null, TimeSpan.Zero);
}
