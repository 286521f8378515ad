using StackExchange.Redis;

namespace Mirai.Redis.Tests;

internal sealed class RedisFaultsTests
{
    [TestCase(RedisErrorKind.Loading)]
    [TestCase(RedisErrorKind.ReadOnly)]
    [TestCase(RedisErrorKind.MasterDown)]
    [TestCase(RedisErrorKind.ClusterDown)]
    [TestCase(RedisErrorKind.TryAgain)]
    [TestCase(RedisErrorKind.Busy)]
    [TestCase(RedisErrorKind.NoReplicas)]
    [TestCase(RedisErrorKind.MaxClients)]
    public void ServerFault_IsTransientAndAway_WhenItPasses(RedisErrorKind kind) => Assert.That(
        (RedisFaults.IsTransient(Server(kind)), RedisFaults.IsAway(Server(kind))), Is.EqualTo((true, true)));

    [TestCase(RedisErrorKind.Misconfigured)]
    [TestCase(RedisErrorKind.NoAuth)]
    [TestCase(RedisErrorKind.WrongPass)]
    public void ServerFault_IsAwayOnly_WhenRedisRefusesEveryCommand(RedisErrorKind kind) => Assert.That(
        (RedisFaults.IsTransient(Server(kind)), RedisFaults.IsAway(Server(kind))), Is.EqualTo((false, true)));

    [TestCase(RedisErrorKind.OutOfMemory)]
    [TestCase(RedisErrorKind.WrongType)]
    public void ServerFault_IsNeither_WhenOtherCommandsWork(RedisErrorKind kind) => Assert.That(
        (RedisFaults.IsTransient(Server(kind)), RedisFaults.IsAway(Server(kind))), Is.EqualTo((false, false)));

    [TestCase(ConnectionFailureType.SocketClosed, true)]
    [TestCase(ConnectionFailureType.AuthenticationFailure, false)]
    public void LostConnection_IsTransient_UnlessThePasswordIsWrong(ConnectionFailureType type, bool isTransient)
    {
        var fault = Connection(type, CommandStatus.Sent);

        Assert.That(
            (RedisFaults.IsTransient(fault), RedisFaults.IsAway(fault), RedisFaults.NameOf(fault)),
            Is.EqualTo((isTransient, true, type.ToString())));
    }

    [TestCase(CommandStatus.Sent, true)]
    [TestCase(CommandStatus.Unknown, true)]
    [TestCase(CommandStatus.WaitingToBeSent, false)]
    [TestCase(CommandStatus.WaitingInBacklog, false)]
    public void Command_MayHaveRun_OnceItWasSent(CommandStatus status, bool mayHaveRun) => Assert.That(
        RedisFaults.MayHaveRun(Connection(ConnectionFailureType.SocketClosed, status)), Is.EqualTo(mayHaveRun));

    [Test]
    public void Explanation_NamesTheCause_BelowWhatTheClientSays()
    {
        var aborted = new IOException("io", new System.Net.Sockets.SocketException(
            (int)System.Net.Sockets.SocketError.OperationAborted));
        var untrusted = new System.Security.Authentication.AuthenticationException("The certificate is not trusted.");

        Assert.That(RedisFaults.Explain(Outer(aborted)), Does.Contain("Check that the port speaks TLS"));
        Assert.That(
            RedisFaults.Explain(Outer(untrusted)),
            Does.StartWith("the TLS handshake failed (The certificate is not trusted). Check"));
        Assert.That(
            RedisFaults.Explain(Outer(Connection(ConnectionFailureType.AuthenticationFailure, CommandStatus.Unknown))),
            Does.StartWith("it refuses the user or the password (no connection)."));
        Assert.That(RedisFaults.Explain(Outer(null)), Does.StartWith("it does not answer (no connection). Check"));
        Assert.That(RedisFaults.Summary(Outer(untrusted)), Is.EqualTo("The TLS handshake with Redis failed."));
    }

    [Test]
    public void FullRedis_IsExplained_Once()
    {
        var full = RedisFaults.ExplainFull(Server(RedisErrorKind.OutOfMemory), "the task");

        Assert.That(full.Message, Does.StartWith("Redis is full").And.EndsWith("Redis says: on purpose"));
        Assert.That(RedisFaults.IsFull(full), Is.True);
        Assert.That(RedisFaults.ExplainFull(full, "the task"), Is.SameAs(full));
    }

    [Test]
    public void OwnException_IsNoFaultOfRedis()
    {
        var own = new InvalidOperationException();

        Assert.That(
            (RedisFaults.IsRedis(own), RedisFaults.IsTransient(own), RedisFaults.IsAway(own),
                RedisFaults.MayHaveRun(own), RedisFaults.NameOf(own)),
            Is.EqualTo((false, false, false, false, nameof(InvalidOperationException))));
    }

    private static RedisConnectionException Outer(Exception? inner) => new(
        ConnectionFailureType.UnableToResolvePhysicalConnection, CommandFlags.None, "no connection, mc: 1/1/0, v: 3",
        inner, CommandStatus.Unknown);

    private static RedisServerException Server(RedisErrorKind kind) => new(kind, CommandFlags.None, "on purpose");

    private static RedisConnectionException Connection(ConnectionFailureType type, CommandStatus status) =>
        new(type, CommandFlags.None, "on purpose", null, status);
}
