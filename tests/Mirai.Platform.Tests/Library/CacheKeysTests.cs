using Mirai.Cache;
using Mirai.Platform.Library;

namespace Mirai.Platform.Tests.Library;

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
    public void Ids_AreChecked(string id)
    {
        Assert.That(() => CacheKeys.Course(id), Throws.ArgumentException.With.Property("ParamName").EqualTo("id"));
        Assert.That(() => CacheKeys.CoursesOfFolder(id), Throws.ArgumentException);
        Assert.That(() => CacheKeys.CoursesWithStatus(id), Throws.ArgumentException);
    }

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
}
