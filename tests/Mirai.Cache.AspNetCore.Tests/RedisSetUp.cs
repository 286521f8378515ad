using Mirai.Testing;

namespace Mirai.Cache.AspNetCore.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
