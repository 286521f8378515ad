using Mirai.Testing;

namespace Mirai.Queue.InteropTests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
