using System.Text;
using CsCheck;

namespace Mirai.Api.Tests.Documents;

/// <summary>No upload, however odd, is a mistake of the server's.</summary>
internal sealed class PostDocumentFuzzTests : DocumentTest
{
    private static readonly Gen<string> Types = Gen.OneOf(
        "multipart/form-data; boundary=b", "multipart/form-data; boundary=\"b\"", "multipart/form-datax; boundary=b",
        "multipart/form-data; boundary=", "multipart/form-data;;;", "multipart/mixed; boundary=b",
        "multipart/form-data",
        "text/plain; charset=", "text/markdown; charset=klingon", "text/html;;", "application/x-www-form-urlencoded",
        "/", ";");

    private static readonly Gen<string> Parts = Gen.OneOf(
        "--b\r\n", "--b--\r\n", "\r\n", "Content-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n",
        "Content-Disposition: form-data; name=\"\"; filename=\"\"\r\n",
        "Content-Disposition: form-data; name=\"note\"\r\n",
        "Content-Type: text/plain\r\n", "Content-Type: ;\r\n", "Content-Disposition: \0\r\n",
        "filename*=UTF-8''%ff\r\n", "Hi", ":");

    [Test]
    public async Task Post_IsNeverAServerError() => await Gen.Select(Types, Parts.Array[0, 12]).SampleAsync(
        async (type, parts) =>
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(string.Concat(parts)));
            content.Headers.TryAddWithoutValidation("Content-Type", type);

            var response = await PostAsync(Path, content);

            Assert.That(
                (int)response.StatusCode, Is.EqualTo(202).Or.EqualTo(400)
                    .Or.EqualTo(415), $"{type}\n{string.Concat(parts)}");
        },
        iter: 500);
}
