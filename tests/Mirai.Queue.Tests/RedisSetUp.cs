using Mirai.Testing;

namespace Mirai.Queue.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
