namespace Mirai.Queue;

/// <summary>Says of a member of a payload that it is nobody's business but the handler's: Mirai.Api shows it to
/// callers with the scope <c>payload:read</c> only. Mirai itself puts payloads into no log and no trace.</summary>
/// <remarks>The payload in Redis stays as it is: whoever may read the queue's keys may read it.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Field)]
public sealed class SensitiveAttribute : Attribute;
