using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mirai.Api.Tests.Hosting;

namespace Mirai.Api.Tests.OpenApi;

/// <summary>The description of the API, which is also a file: clients are made from it.</summary>
internal sealed class DescriptionTests : ApiTest
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // To write the file anew: MIRAI_WRITE_OPENAPI=1 dotnet test --project tests/Mirai.Api.Tests --filter
    // DescriptionTests
    [Test]
    public async Task File_SaysWhatTheApiSays()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "openapi.json");
        var answered = JsonNode.Parse(await Client.GetStringAsync("/openapi/v1.json"))!.ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("MIRAI_WRITE_OPENAPI") is { Length: > 0 })
        {
            file = Path.Combine(Build.SourceRoot, "docs", "openapi.json");
            await File.WriteAllTextAsync(file, answered);
        }

        Assert.That(answered, Is.EqualTo(await File.ReadAllTextAsync(file)));
    }

    [Test]
    public async Task Document_IsOpenApi31_AndEveryOperationSaysWhatItNeeds()
    {
        var document = JsonNode.Parse(await Client.GetStringAsync("/openapi/v1.json"))!;

        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (Name: $"{operation.Key} {path.Key}", operation.Value)))
            .ToList();
        Assert.That((string?)document["openapi"], Does.StartWith("3.1."));
        Assert.That(operations, Has.Count.GreaterThan(20));
        Assert.Multiple(() =>
        {
            foreach (var (name, operation) in operations)
            {
                Assert.That((string?)operation!["summary"], Is.Not.Null, name);
                Assert.That(operation["responses"]!["default"], Is.Not.Null, name);
                Assert.That(
                    operation["security"] is JsonArray { Count: 2 }
                        || name == "post /api/webhooks/stripe", Is.True, name);
            }
        });
    }

    [Test]
    public async Task Page_IsServedFromHere()
    {
        var page = await Client.GetStringAsync("/scalar/");

        Assert.That(page, Does.Contain("<html").IgnoreCase.And.Contain("scalar"));
        Assert.That(page, Does.Not.Contain("https://"));
    }

    [TestCase("/openapi/v1.json")]
    [TestCase("/scalar/")]
    public async Task Description_IsHidden_OutsideDevelopment(string path)
    {
        await using var api = new ApiHost(RedisUrl, new Dictionary<string, string> { ["environment"] = "Production" });

        var response = await api.Client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }
}
