namespace Mirai.Platform.Generation;

/// <summary>What a course is to be.</summary>
/// <param name="Title">Its title, if that is settled.</param>
/// <param name="Instructions">What else to mind, in the words of whoever asks for it.</param>
/// <param name="Lessons">How many lessons at most.</param>
internal sealed record OutlineBrief(string? Title, string? Instructions, int Lessons);
