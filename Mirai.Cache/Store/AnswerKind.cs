namespace Mirai.Cache.Store;

/// <summary>How a call to Redis ended.</summary>
internal enum AnswerKind
{
    /// <summary>No answer: Redis is away, was not asked because it is, or did not answer in time. The call may have
    /// happened.</summary>
    Lost,

    /// <summary>Redis said no; nothing happened.</summary>
    Refused,

    /// <summary>Redis did it.</summary>
    Given,
}
