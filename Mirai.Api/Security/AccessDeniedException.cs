namespace Mirai.Api.Security;

/// <summary>The caller is known, and may not do this.</summary>
internal sealed class AccessDeniedException(string message) : Exception(message);
