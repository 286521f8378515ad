namespace Mirai.Queue;

/// <summary>Marks a member of a payload that only the handler may see. Mirai.Api shows the member only to callers with
/// the scope <c>payload:read</c>. Mirai itself puts payloads into no log and no trace.</summary>
/// <remarks>The payload in Redis stays as it is: anyone who may read the queue's keys may read it.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Field)]
public sealed class SensitiveAttribute : Attribute;
