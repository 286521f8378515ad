namespace Mirai.Cache.Store;

/// <summary>How a call to Redis ended, with its reply.</summary>
internal readonly record struct Answer<T>(AnswerKind Kind, T? Reply)
{
    public static Answer<T> Lost => default;

    public static Answer<T> Refused => new(AnswerKind.Refused, default);

    public bool IsGiven => Kind == AnswerKind.Given;

    public static Answer<T> Given(T reply) => new(AnswerKind.Given, reply);

    /// <summary>The same outcome with another reply.</summary>
    public Answer<TOther> As<TOther>(TOther reply) => new(Kind, reply);
}
