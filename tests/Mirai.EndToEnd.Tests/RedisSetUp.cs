using Mirai.Testing;

namespace Mirai.EndToEnd.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
