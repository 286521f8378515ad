namespace Mirai.Cache.Tests;

internal sealed class CacheKeysTests
{
    [Test]
    public void Names_AreTheContract() => Assert.That(
        new CacheKey[]
        {
            CacheKeys.LibraryIndex, CacheKeys.FolderHierarchy, CacheKeys.AllCourses, CacheKeys.Course("42"),
            CacheKeys.CoursesOfFolder("f-1"), CacheKeys.CoursesWithStatus("published"),
            CacheKeys.CoursesWithTag("c++ für Anfänger"),
        }.Select(key => key.Name),
        Is.EqualTo(new[]
        {
            "library:index", "folders:hierarchy", "courses:all", "course:42", "folder:f-1:courses",
            "courses:status:published",
            "courses:tag:c++ für Anfänger",
        }));

    [TestCase("")]
    [TestCase("*")]
    [TestCase("4?")]
    [TestCase("[a-z]")]
    [TestCase("a:b")]
    [TestCase("a b")]
    [TestCase("a\n")]
    [TestCase("{a}")]
    [TestCase("\\a")]
    [TestCase("é")]
    public void Course_Refuses_WhatIsNoId(string id) =>
        Assert.That(() => CacheKeys.Course(id), Throws.ArgumentException.With.Property("ParamName").EqualTo("id"));

    [Test]
    public void Course_Refuses_LongIds()
    {
        Assert.That(CacheKeys.Course(new string('a', 128)).Name, Has.Length.EqualTo(135));
        Assert.That(() => CacheKeys.Course(new string('a', 129)), Throws.ArgumentException);
    }

    [TestCase("*")]
    [TestCase("a:b")]
    [TestCase(" a")]
    [TestCase("a{b}")]
    public void CoursesWithTag_Refuses_WhatIsNoTag(string tag) =>
        Assert.That(
            () => CacheKeys.CoursesWithTag(tag), Throws.ArgumentException.With.Property("ParamName").EqualTo("tag"));

    [TestCase("lock:course:42")]
    [TestCase("asynq:{mail}:pending")]
    [TestCase("ASYNQ:servers")]
    [TestCase("mirai:tag:x")]
    [TestCase("course:*")]
    [TestCase("course:{1}")]
    [TestCase(" course:1")]
    [TestCase("course:\r\n")]
    public void Of_Refuses_KeysOfOthersAndPatterns(string name) =>
        Assert.That(() => CacheKey.Of<string>(name), Throws.ArgumentException);
}
