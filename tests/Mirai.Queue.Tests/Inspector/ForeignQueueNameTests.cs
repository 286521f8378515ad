using Mirai.Testing;

namespace Mirai.Queue.Tests.Inspector;

/// <summary>Queues that Go has created under a name that Mirai's client refuses.</summary>
internal sealed class ForeignQueueNameTests : InspectorTest
{
    [TestCase("a*b")]
    [TestCase("mail*")]
    [TestCase("}x")]
    public async Task Inspector_ReadsAndDeletes_WhatGoCreated(string queue)
    {
        if (queue[0] == '}' && TestRedis.Primaries.Skip(1).Any())
        {
            Assert.Ignore("A cluster puts each key of such a queue into another slot.");
        }

        SkipsInvariants = true; // they look for the name up to the first brace
        await Redis.SetAddAsync("asynq:queues", queue);
        foreach (var id in new[] { "a", "b" })
        {
            await Redis.HashSetAsync(
                $"asynq:{{{queue}}}:t:{id}", [new("msg", Bytes(Message(id))), new("state", "pending")]);
            await Redis.ListLeftPushAsync($"asynq:{{{queue}}}:pending", id);
        }

        Assert.That(await Inspector.ListQueuesAsync(), Is.EqualTo(new[] { queue }));
        Assert.That((await Inspector.FindQueueAsync(queue))!.Pending, Is.EqualTo(2));
        Assert.That(
            (await Inspector.ListTasksAsync(TaskSelection.InState(queue, TaskState.Pending))).Select(task => task.Id),
            Is.EqualTo(new[] { "a", "b" }));
        await Inspector.DeleteTasksAsync(TaskSelection.One(queue, "a"));
        await Inspector.DeleteQueueAsync(queue, force: true);

        Assert.That(await KeysAsync(), Is.Empty);
    }
}
