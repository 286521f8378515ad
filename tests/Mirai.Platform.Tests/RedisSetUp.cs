using Mirai.Testing;

namespace Mirai.Platform.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
