namespace Mirai.Api.Audit;

/// <summary>What somebody did.</summary>
/// <param name="Who">The caller.</param>
/// <param name="Action">For instance <c>queue.pause</c>.</param>
/// <param name="Target">For instance <c>critical</c>, or <c>critical/8a7d…</c>.</param>
/// <param name="Count">How many queues or tasks were touched.</param>
/// <param name="Outcome"><c>done</c>, or why not.</param>
internal sealed record AuditRecord(string Who, string Action, string Target, long Count, string Outcome);
