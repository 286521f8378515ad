using System.IO.Enumeration;

namespace Mirai.Queue.InteropTests.Replays;

/// <summary>A difference that Mirai wants (architecture, "what we do better").</summary>
/// <param name="Name">Why.</param>
/// <param name="Differences">Exactly these lines of the comparison; <c>*</c> stands for anything, for dates above
/// all.</param>
internal sealed record Deliberate(string Name, params IReadOnlyList<string> Differences)
{
    /// <summary>Whether these and no other differences are the wanted ones.</summary>
    public bool Explains(IReadOnlyList<string> differences) => differences.Count == Differences.Count
        && differences.Zip(Differences).All(pair => FileSystemName.MatchesSimpleExpression(pair.Second, pair.First));

    /// <summary>Nobody deletes the history of a scheduler that was killed.</summary>
    public static Deliberate HistoryExpires(string entryId) => new(
        "histories of killed schedulers do not stay for ever",
        $"asynq:scheduler_history:{entryId} (zset) expires: Go has none, Mirai has '7776000 s after it was written'");

    /// <summary>Go reads its clock once for the due time and again for what is left until then: a hair is gone, and of
    /// a lock's lifetime the last second is cut.</summary>
    public static Deliberate LockIsNotCut(string lockKey, int seconds) => new(
        "no second of a lock's lifetime is cut",
        $"{lockKey} (string) expires: Go has '{seconds - 1} s after it was written', "
        + $"Mirai has '{seconds} s after it was written'");
}
