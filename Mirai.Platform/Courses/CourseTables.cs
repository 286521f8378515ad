using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mirai.Platform.Library;
using Mirai.Platform.Database;

namespace Mirai.Platform.Courses;

/// <summary>A course as the database keeps it.</summary>
internal sealed class CourseRow
{
    public required Guid Id { get; init; }

    public required string Title { get; set; }

    public string? Summary { get; set; }

    public Guid? FolderId { get; set; }

    public required CourseStatus Status { get; set; }

    public required List<string> Tags { get; set; }

    public string? Generator { get; init; }

    /// <summary>The documents that the course was generated from. The order gives the sources their labels.</summary>
    public List<Guid> Documents { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Grows with every change of the course or its lessons.</summary>
    public int Version { get; set; } = 1;

    public List<LessonRow> Lessons { get; init; } = [];

    /// <summary>The course as lists show it: without version and lessons.</summary>
    public Course ToListed() => new(Id.ToString(), Title)
    {
        Summary = Summary,
        FolderId = FolderId?.ToString(),
        Status = CourseStatusText.Of(Status),
        Tags = Tags,
        Generator = Generator,
    };
}

/// <summary>A lesson of a course.</summary>
internal sealed class LessonRow
{
    public required Guid Id { get; init; }

    public Guid CourseId { get; init; }

    public required int Position { get; set; }

    public required string Title { get; set; }

    public string? Summary { get; set; }

    /// <summary>Markdown; <see langword="null"/> while the lesson is only planned.</summary>
    public string? Body { get; set; }

    public required List<string> KeyPoints { get; set; }

    public required List<LessonSource> Sources { get; set; }

    public string? Generator { get; set; }
}

/// <summary>A folder of courses.</summary>
internal sealed class FolderRow
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public Guid? ParentId { get; set; }

    public int Version { get; set; } = 1;
}

internal sealed class CourseTable : IEntityTypeConfiguration<CourseRow>
{
    public void Configure(EntityTypeBuilder<CourseRow> builder)
    {
        builder.ToTable("courses");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Summary).HasMaxLength(CourseLimits.LongestSummary);
        builder.Property(row => row.Status).HasConversion<string>().HasMaxLength(16);
        builder.Property(row => row.Version).IsConcurrencyToken();
        builder.HasIndex(row => row.Status);
        builder.HasOne<FolderRow>().WithMany().HasForeignKey(row => row.FolderId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(row => row.Lessons).WithOne().HasForeignKey(row => row.CourseId)
            .OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class LessonTable : IEntityTypeConfiguration<LessonRow>
{
    public void Configure(EntityTypeBuilder<LessonRow> builder)
    {
        builder.ToTable("lessons");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Title).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Summary).HasMaxLength(CourseLimits.LongestSummary);
        builder.ComplexCollection(row => row.Sources, source => source.ToJson());
    }
}

internal sealed class FolderTable : IEntityTypeConfiguration<FolderRow>
{
    public void Configure(EntityTypeBuilder<FolderRow> builder)
    {
        builder.ToTable("folders");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(CourseLimits.LongestTitle);
        builder.Property(row => row.Version).IsConcurrencyToken();
        builder.HasOne<FolderRow>().WithMany().HasForeignKey(row => row.ParentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal static class CourseTables
{
    extension(MiraiDbContext context)
    {
        public DbSet<CourseRow> Courses => context.Set<CourseRow>();

        public DbSet<LessonRow> Lessons => context.Set<LessonRow>();

        public DbSet<FolderRow> Folders => context.Set<FolderRow>();
    }
}
