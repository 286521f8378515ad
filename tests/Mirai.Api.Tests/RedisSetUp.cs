using Mirai.Testing;

namespace Mirai.Api.Tests;

[SetUpFixture]
public sealed class RedisSetUp : RedisSetUpFixture;
