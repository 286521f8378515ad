using Mirai.Local.Redis;
using Mirai.Testing;

namespace Mirai.Local.Tests;

/// <summary>A test of the one-command run, with ports and a data folder of its own.</summary>
internal abstract class LocalTest : RedisTest
{
    protected int Port { get; private set; }

    protected int RedisPort { get; private set; }

    protected string Data { get; private set; } = "";

    [SetUp]
    public void ChoosePlace()
    {
        Port = LoopbackPort.FindFree();
        RedisPort = LoopbackPort.FindFree();
        Data = Directory.CreateTempSubdirectory("mirai-local-").FullName;
    }

    [TearDown]
    public void RemovePlace() => Directory.Delete(Data, recursive: true);

    protected LocalProgram Start(params (string Name, string? Value)[] environment) =>
        LocalProgram.Start(Port, RedisPort, Data, environment);
}
