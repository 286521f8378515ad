namespace Mirai.Local.Run;

/// <summary>What a local run may be told.</summary>
/// <param name="Port">Port of the API.</param>
/// <param name="RedisPort">Port of the Redis that is started here.</param>
/// <param name="DataFolder">Where data is kept, or <see langword="null"/> for <c>.local</c> beside the
/// solution.</param>
internal sealed record LocalOptions(int Port, int RedisPort, string? DataFolder);
