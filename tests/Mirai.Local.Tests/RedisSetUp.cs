using Mirai.Testing;

namespace Mirai.Local.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
