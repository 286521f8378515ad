using System.Net;
using Mirai.Testing;

namespace Mirai.Api.Tests.Documents;

internal sealed class PostDocumentRefusalTests : DocumentTest
{
    private const int Limit = 1024 * 1024;
    private const int LimitOfAll = 16 * Limit;
    private const string Unfinished =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nHi";

    [TestCaseSource(nameof(Refused))]
    public async Task Post_StoresNothing(Func<HttpContent> content, HttpStatusCode status, string field)
    {
        foreach (var chunked in (bool[])[false, true])
        {
            var problem = await ProblemAsync(await PostAsync(Path, content(), chunked), status);

            Assert.That(Fields(problem), Is.EqualTo(new[] { field }), problem.ToString());
        }

        Assert.That(await RedisDump.KeysAsync(Redis), Is.Empty);
        Assert.That(await CountRowsAsync(Api), Is.Zero);
    }

    [Test]
    public async Task Post_IsRefused_WhenTheNameIsTooLong()
    {
        var response = await PostAsync($"{Path}?name={new string('n', 256)}", Content("Hi", "text/plain"));

        Assert.That(Fields(await ProblemAsync(response, HttpStatusCode.BadRequest)), Is.EqualTo(new[] { "name" }));
        Assert.That(await CountRowsAsync(Api), Is.Zero);
    }

    private static IEnumerable<TestCaseData> Refused() =>
    [
        .. Case(
            HttpStatusCode.UnsupportedMediaType,
            "Content-Type",
            ("no type", () => Content("Hi", null)),
            ("JSON", () => Content("{}", "application/json")),
            ("picture", () => Content("?", "image/png")),
            ("form fields", () => Content("a=b", "application/x-www-form-urlencoded")),
            ("endless type", () => Content("Hi", $"text/plain; x={new string('x', 300)}"))),
        .. Case(
            HttpStatusCode.UnsupportedMediaType,
            "file",
            ("file of another type", () => Form((Content("?", "image/png"), "a.md"))),
            ("file of unknown type", () => Form((Content("?", "application/octet-stream"), "a.bin"))),
            ("file without type", () => Form((Content("?", null), "a")))),
        .. Case(HttpStatusCode.BadRequest, "body", ("empty", () => Content("", "text/plain"))),
        .. Case(
            HttpStatusCode.BadRequest,
            "file",
            ("empty file", () => Form((Content("", "text/plain"), "a.txt")))),
        .. Case(
            HttpStatusCode.BadRequest,
            "form",
            ("no file", () => new MultipartFormDataContent { { new StringContent("x"), "note" } }),
            ("two files", () => Form((Content("1", "text/plain"), "a"), (Content("2", "text/plain"), "b"))),
            ("no boundary", () => Content("x", "multipart/form-data")),
            ("form that stops", () => Content(Unfinished, "multipart/form-data; boundary=b")),
            ("no form", () => Content("nothing", "multipart/form-data; boundary=b"))),
        .. Case(
            HttpStatusCode.BadRequest,
            "name",
            ("long file name", () => Form((Content("Hi", "text/plain"), new string('n', 256))))),
        .. Case(
            HttpStatusCode.RequestEntityTooLarge,
            "body",
            ("large", () => Content(new byte[Limit + 1], "text/plain")),
            ("far too large", () => Content(new byte[3 * Limit], "text/plain")),
            ("file far too large", () => Form((Content(new byte[LimitOfAll + Limit], "application/pdf"), "a.pdf")))),
        .. Case(
            HttpStatusCode.RequestEntityTooLarge,
            "file",
            ("large file", () => Form((Content(new byte[Limit + 1], "text/plain"), "a.txt")))),
    ];

    private static IEnumerable<TestCaseData> Case(
        HttpStatusCode status, string field, params (string Name, Func<HttpContent> Content)[] contents) =>
        contents.Select(content => new TestCaseData(content.Content, status, field).SetArgDisplayNames(content.Name));
}
