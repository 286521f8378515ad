using Mirai.Hosting;
using Mirai.Worker;

try
{
    // The settings are beside the program, whatever directory it is started from.
    var builder = Host.CreateApplicationBuilder(
        new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
    using var host = builder.AddMiraiWorker().Build();
    await host.RunUntilStoppedAsync();

    return 0;
}
catch (Exception exception) when (StartFailure.Describe(exception) is { } reason)
{
    await Console.Error.WriteLineAsync($"Mirai.Worker did not start: {reason}");
    return 1;
}
