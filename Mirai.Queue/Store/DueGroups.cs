namespace Mirai.Queue.Store;

/// <summary>One page of a look at a queue's groups.</summary>
/// <param name="Names">Groups that are due.</param>
/// <param name="NextDue">When the first of the others is due if nobody adds to it; <see langword="null"/> when there
/// is none.</param>
/// <param name="Cursor">Where the next page begins; 0: there is none.</param>
internal readonly record struct DueGroups(IReadOnlyList<string> Names, DateTimeOffset? NextDue, long Cursor);
