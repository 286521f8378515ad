using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mirai.Deploy.Tests.Redis;

/// <summary>Sends single commands, as redis-cli does. A client library sends commands that a user like "health" may
/// not use.</summary>
internal sealed class RedisConsole : IAsyncDisposable
{
    private readonly TcpClient client = new();

    private RedisConsole()
    {
    }

    /// <summary>Connects without a user.</summary>
    public static async Task<RedisConsole> ConnectAsync(int port)
    {
        var console = new RedisConsole();
        await console.client.ConnectAsync(IPAddress.Loopback, port);

        return console;
    }

    public static async Task<RedisConsole> ConnectAsync(int port, string user, string password)
    {
        var console = await ConnectAsync(port);
        var answer = await console.AskAsync("AUTH", user, password);
        return answer.StartsWith("+OK", StringComparison.Ordinal)
            ? console : throw new InvalidOperationException(answer);
    }

    /// <summary>Returns the beginning of the reply as Redis writes it. An error begins with a minus sign.</summary>
    public async Task<string> AskAsync(params string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var word in command)
        {
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        var answer = new byte[4_096];
        var length = await stream.ReadAsync(answer);

        return Encoding.UTF8.GetString(answer, 0, length);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
