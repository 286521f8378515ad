using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Mirai.Api.Security;

namespace Mirai.Api.Tests.Security;

/// <summary>Every route and every role.</summary>
internal sealed class RouteTableTests : SecurityTest
{
    // What each route asks for, written down a second time: nobody changes it by accident.
    private static readonly Dictionary<string, string?> Needed = new()
    {
        ["POST /api/tasks/"] = Scopes.TasksEnqueue,
        ["GET /api/tasks/{queue}/{id}"] = Scopes.TasksRead,
        ["DELETE /api/tasks/{queue}/{id}/"] = Scopes.TasksManage,
        ["POST /api/tasks/{queue}/{id}/run"] = Scopes.TasksManage,
        ["POST /api/tasks/{queue}/{id}/archive"] = Scopes.TasksManage,
        ["POST /api/tasks/{queue}/{id}/cancel"] = Scopes.TasksManage,
        ["POST /api/tasks/{queue}/{id}/reschedule"] = Scopes.TasksManage,
        ["PUT /api/tasks/{queue}/{id}/payload"] = Scopes.TasksManage,
        ["GET /api/queues/"] = Scopes.TasksRead,
        ["GET /api/queues/{queue}"] = Scopes.TasksRead,
        ["GET /api/queues/{queue}/history"] = Scopes.TasksRead,
        ["GET /api/queues/{queue}/groups/"] = Scopes.TasksRead,
        ["POST /api/queues/{queue}/pause"] = Scopes.QueuesManage,
        ["POST /api/queues/{queue}/resume"] = Scopes.QueuesManage,
        ["DELETE /api/queues/{queue}"] = Scopes.QueuesManage,
        ["GET /api/queues/{queue}/tasks/"] = Scopes.TasksRead,
        ["GET /api/queues/{queue}/tasks/search"] = Scopes.TasksRead,
        ["POST /api/queues/{queue}/tasks/bulk"] = Scopes.TasksManage,
        ["GET /api/servers/"] = Scopes.TasksRead,
        ["GET /api/schedules/"] = Scopes.TasksRead,
        ["GET /api/schedules/{id}/events"] = Scopes.TasksRead,
        ["POST /api/schedules/{id}/run"] = Scopes.SchedulesManage,
        ["POST /api/documents/"] = Scopes.PlatformWrite,
        ["GET /api/documents/{id}"] = Scopes.PlatformRead,
        ["GET /api/documents/{id}/chunks"] = Scopes.PlatformRead,
        ["GET /api/library/"] = Scopes.PlatformRead,
        ["GET /api/folders/"] = Scopes.PlatformRead,
        ["GET /api/folders/{id}/courses"] = Scopes.PlatformRead,
        ["POST /api/folders/"] = Scopes.PlatformWrite,
        ["PUT /api/folders/{id}"] = Scopes.PlatformWrite,
        ["DELETE /api/folders/{id}"] = Scopes.PlatformWrite,
        ["GET /api/courses/"] = Scopes.PlatformRead,
        ["GET /api/courses/{id}"] = Scopes.PlatformRead,
        ["POST /api/courses/"] = Scopes.PlatformWrite,
        ["PUT /api/courses/{id}"] = Scopes.PlatformWrite,
        ["DELETE /api/courses/{id}"] = Scopes.PlatformWrite,
        ["POST /api/generation-jobs/"] = Scopes.PlatformWrite,
        ["GET /api/generation-jobs/{id}"] = Scopes.PlatformRead,
        ["POST /api/generation-jobs/{id}/cancel"] = Scopes.PlatformWrite,
        ["GET /api/events/"] = Scopes.PlatformRead,
        ["POST /api/registrations/"] = Scopes.PlatformWrite,
        ["GET /api/registrations/{id}"] = Scopes.PlatformRead,
        ["POST /api/webhooks/stripe"] = null,
        ["GET /health/live"] = null,
        ["GET /health/ready"] = null,
        ["GET /health/startup"] = null,
    };

    [Test]
    public void Table_HasEveryRoute()
    {
        var routes = Api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => Methods(route).Select(method => $"{method} {route.RoutePattern.RawText}"));

        Assert.That(routes, Is.EquivalentTo(Needed.Keys));
    }

    [TestCaseSource(nameof(Closed))]
    public async Task Route_IsClosed_WithoutCredentials(string route, string needed)
    {
        var (method, path) = Example(route);
        var before = AllKeys();

        var nobody = await SendAsync(method, path, key: null, Body(method));
        var stranger = await SendAsync(method, path, "key-of-nobody", Body(method));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer a.b.c");
        var bearer = await Client.SendAsync(request);

        await ProblemAsync(nobody, HttpStatusCode.Unauthorized);
        await ProblemAsync(stranger, HttpStatusCode.Unauthorized);
        await ProblemAsync(bearer, HttpStatusCode.Unauthorized);
        Assert.That(nobody.Headers.WwwAuthenticate.ToString(), Does.Contain("ApiKey"));
        Assert.That(AllKeys(), Is.EqualTo(before), $"{route} ({needed}) did something");
    }

    [TestCaseSource(nameof(Closed))]
    public async Task Route_IsForbidden_WithEveryOtherScope(string route, string needed)
    {
        var (method, path) = Example(route);
        var before = AllKeys();

        foreach (var scope in Scopes.All.Where(scope => scope != needed))
        {
            using var response = await SendAsync(method, path, KeyOf(scope), Body(method));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), scope);
        }

        Assert.That(AllKeys(), Is.EqualTo(before), "nothing is done");
    }

    [TestCaseSource(nameof(Closed))]
    public async Task Route_IsOpen_WithItsScope(string route, string needed)
    {
        var (method, path) = Example(route);

        using var response = await SendAsync(method, path, KeyOf(needed), Body(method));

        Assert.That((int)response.StatusCode, Is.LessThan(500).And.Not.EqualTo(401).And.Not.EqualTo(403));
    }

    [TestCase("GET", "/api/nothing")]
    [TestCase("GET", "/")]
    [TestCase("GET", "/metrics")]
    [TestCase("GET", "/METRICS")]
    [TestCase("GET", "/metrics/")]
    [TestCase("PATCH", "/api/tasks")]
    public async Task Unknown_IsClosed_WithoutCredentials(string method, string path) =>
        await ProblemAsync(await SendAsync(method, path, key: null), HttpStatusCode.Unauthorized);

    [Test]
    public async Task Metrics_AreThere_ForWhoMayLookAtQueues()
    {
        using var allowed = await SendAsync("GET", "/metrics", KeyOf(Scopes.TasksRead));
        using var forbidden = await SendAsync("GET", "/metrics", KeyOf(Scopes.TasksEnqueue));

        Assert.That(allowed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(forbidden.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static IEnumerable<TestCaseData> Closed() => Needed.Where(route => route.Value is not null)
        .Select(route => new TestCaseData(route.Key, route.Value).SetArgDisplayNames(route.Key));

    private static IEnumerable<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static (string Method, string Path) Example(string route)
    {
        var parts = route.Split(' ');
        return (parts[0], parts[1].Replace("{queue}", "default").Replace("{id}", "01a2067c-24c9-77bc-af87-216154edee0d"));
    }

    private static string? Body(string method) => method is "POST" or "PUT" ? "{}" : null;
}
