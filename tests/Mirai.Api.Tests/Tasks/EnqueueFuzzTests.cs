using System.Text;
using System.Text.Json;
using CsCheck;

namespace Mirai.Api.Tests.Tasks;

/// <summary>No body, however odd, is a mistake of the server's.</summary>
internal sealed class EnqueueFuzzTests : ApiTest
{
    private const int Bodies = 1_500;

    private static readonly Gen<string> Names = Gen.OneOf(
        "type", "payload", "payloadBase64", "queue", "maxRetry", "timeout", "deadline", "processAt", "processIn",
        "uniqueFor",
        "taskId", "retention", "group", "headers", "Type", "", "a.b", "['", "\ud800", "\0", "$");

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Gen.OneOf(
            "null", "true", "0", "-1", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"a}b\"", "\"\\ud800\"",
            "\"\\u0000\"",
            "\"1m30s\"", "\"2562047h\"", "\"9999999999999h\"", "\"-1s\"", "\"1ns\"", "\"9999-12-31T23:59:59Z\"",
            "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"2030-01-31T08:00:00Z\"", "\"AA==\"",
            "\"mail\""),
        Gen.Int.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.String.Select(Quote));

    private static readonly Gen<string> Values = Gen.Recursive<string>((depth, values) => depth > 3
        ? Scalars
        : Gen.Frequency(
            (5, Scalars),
            (1, values.Array[0, 3].Select(items => $"[{string.Join(',', items)}]")),
            (1, Members(values))));

    private static readonly Gen<string> Requests = Gen.Frequency(
        (8, Members(Values).Select(members => members.Insert(1, "\"type\":\"x\"" + (members == "{}" ? "" : ",")))),
        (4, Members(Values)),
        (1, Values),
        (1, Gen.Select(Members(Values), Gen.Int[0, 30], (body, cut) => body[..Math.Min(cut, body.Length)])),
        (1, Gen.String));

    [Test]
    public async Task Post_IsNeverAServerError_WhateverTheBody() => await Requests.SampleAsync(
        async body =>
        {
            var response = await PostTaskAsync(body);

            var text = await response.Content.ReadAsStringAsync();
            Assert.That((int)response.StatusCode, Is.EqualTo(202).Or.EqualTo(400).Or.EqualTo(409), $"{body}\n{text}");
            Assert.That(JsonDocument.Parse(text).RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
        },
        iter: Bodies);

    [Test]
    public async Task Post_IsNeverAServerError_WhateverTheBytes() => await Gen.Byte.Array[0, 200].SampleAsync(
        async bytes =>
        {
            var content = new ByteArrayContent([.. "{\"type\":\"x\",\"payload\":\""u8, .. bytes, .. "\"}"u8]);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

            var response = await PostAsync("/api/tasks", content);

            Assert.That((int)response.StatusCode, Is.EqualTo(202).Or.EqualTo(400), Convert.ToHexString(bytes));
        },
        iter: Bodies / 3);

    private static Gen<string> Members(Gen<string> values) =>
        Gen.Select(Names, values, (name, value) => $"{Quote(name)}:{value}")
        .Array[0, 5].Select(members => $"{{{string.Join(',', members)}}}");

    // By hand: a serializer would refuse what we want to send.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return quoted.Append('"').ToString();
    }
}
