using Mirai.Testing;

namespace Mirai.Worker.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
