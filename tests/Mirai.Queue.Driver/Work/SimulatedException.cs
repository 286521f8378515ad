namespace Mirai.Queue.Driver.Work;

/// <summary>The handler failed as its flags say.</summary>
internal sealed class SimulatedException(FailureKind kind, string message) : Exception(message)
{
    public FailureKind Kind { get; } = kind;
}
