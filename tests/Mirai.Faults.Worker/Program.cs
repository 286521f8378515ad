using System.Text.Json;
using Mirai.Faults.Worker;

// A worker for tests: the only argument is its settings as JSON. Standard output has one event a line, standard input
// takes one command a line.
var settings = JsonSerializer.Deserialize<WorkerSettings>(args[0])!;
await WorkerProgram.RunAsync(settings, new EventWriter(Console.Out), Console.In);
