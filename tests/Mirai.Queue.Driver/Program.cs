using Mirai.Queue.Driver.Commands;

return await DriverProgram.RunAsync(args, TimeProvider.System);
