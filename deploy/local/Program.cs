using System.CommandLine;
using Mirai.Local.Run;

var port = new Option<int>("--port")
{
    Description = "Port of the API on 127.0.0.1.",
    DefaultValueFactory = _ => 5080,
};
var redisPort = new Option<int>("--redis-port")
{
    Description = "Port on 127.0.0.1 of the Redis that is started here; unused when REDIS_URL names one.",
    DefaultValueFactory = _ => 6380,
};
var data = new Option<string?>("--data")
{
    Description = "Folder for what a restart must find again. Default: .local beside the solution.",
};
var command = new RootCommand("Starts Redis, the API and a worker of Mirai on this machine, until Ctrl-C.")
{
    port, redisPort, data,
};
command.SetAction(arguments => LocalRun.RunAsync(new LocalOptions(
    arguments.GetValue(port), arguments.GetValue(redisPort), arguments.GetValue(data))));

// The run stops by itself, in its own order, and takes the time it needs for that.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
