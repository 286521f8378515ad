using System.Text;
using System.Text.Json;
using CsCheck;
using Mirai.Cache.Entries;

namespace Mirai.Cache.Tests.Entries;

internal sealed class EntryWriterTests
{
    [Test]
    public void Write_GivesTheFourMembersOfTheContract()
    {
        var written = EntryWriter.Write(
            new Price("EUR", 9.5m), TestJsonContext.Default.Price, timestamp: 1_700_000_000_000);

        // SHA-256 of {"currency":"EUR","amount":9.5}, the first 8 bytes.
        Assert.That(Encoding.UTF8.GetString(written.Bytes), Is.EqualTo(
            """{"data":{"currency":"EUR","amount":9.5},"etag":"W/\"HASH-1700000000000\"","timestamp":1700000000000,"version":1}"""
                .Replace("HASH", Hash("""{"currency":"EUR","amount":9.5}"""), StringComparison.Ordinal)));
        Assert.That(written.ETag.ToString(), Does.Match("^W/\"[0-9a-f]{16}-1700000000000\"$"));
    }

    [Test]
    public void Write_PutsItsOwnMembersFirst()
    {
        var written = EntryWriter.Write(
            "x", BasicJsonContext.Default.String, 5, freshUntil: 7, [new TagMark("a b", "m")]);

        Assert.That(Encoding.UTF8.GetString(written.Bytes), Does.StartWith(
            """{"freshUntil":7,"tags":{"a b":"m"},"data":"x","etag":"""));
    }

    [Test]
    public void Read_GivesBack_WhatWriteWrote() =>
        Gen.Select(Gen.String, Gen.Long[0, 253_402_300_799_999], Gen.String[1, 20].Array[0, 3])
        .Sample((text, timestamp, tags) =>
        {
            var marks = tags.Distinct().Select(tag => new TagMark(tag, "mark")).ToArray();
            var written = EntryWriter.Write(text, BasicJsonContext.Default.String, timestamp, freshUntil: null, marks);

            var flaw = EntryReader.Read(written.Bytes, out var fields);
            EntryTail.TryRead(written.Bytes, out var etag, out var when);

            // A lone surrogate is not text: it becomes U+FFFD in JSON.
            var isText = !text.Any(char.IsSurrogate) && !tags.Any(tag => tag.Any(char.IsSurrogate));
            return flaw == EntryFlaw.None && fields.ETag == written.ETag && fields.Timestamp == timestamp
                && etag == written.ETag && when == timestamp
                && (!isText || (JsonSerializer.Deserialize(written.Bytes.AsSpan(fields.Data), BasicJsonContext.Default.String) == text
                    && fields.Tags.SequenceEqual(marks)));
        });

    private static string Hash(string text) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text))[..8]);
}
