using Mirai.Testing;

namespace Mirai.Cache.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
