using System.Net;

namespace Mirai.Api.Tests.Problems;

internal sealed class ProblemPagesTests : ApiTest
{
    [TestCase("GET", "/")]
    [TestCase("GET", "/api/nothing")]
    [TestCase("POST", "/api/tasks/default/a/b")]
    public async Task Answer_IsAProblem_WhenRouteIsUnknown(string method, string path) => await ProblemAsync(
        await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)), HttpStatusCode.NotFound);

    [TestCase("DELETE", "/api/tasks", "POST")]
    [TestCase("PUT", "/api/tasks/default/a/run", "POST")]
    [TestCase("POST", "/api/queues", "GET")]
    public async Task Answer_IsAProblem_WhenMethodIsUnknown(string method, string path, string allowed)
    {
        var response = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        await ProblemAsync(response, HttpStatusCode.MethodNotAllowed);
        Assert.That(response.Content.Headers.Allow, Is.EqualTo(new[] { allowed }));
    }

    [TestCase("/api/nothing")]
    [TestCase("/api/tasks/default/nope")]
    public async Task Answer_IsAProblem_WhateverClientAccepts(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };

        await ProblemAsync(await Client.SendAsync(request), HttpStatusCode.NotFound);
    }
}
