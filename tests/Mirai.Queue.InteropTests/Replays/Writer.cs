namespace Mirai.Queue.InteropTests.Replays;

/// <summary>Who wrote what a step of a replay finds.</summary>
public enum Writer
{
    /// <summary>Mirai, in the steps before.</summary>
    Mirai,

    /// <summary>Go: the recorded keys are restored before each step.</summary>
    Go,
}
