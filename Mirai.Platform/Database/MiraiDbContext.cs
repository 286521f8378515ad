using Microsoft.EntityFrameworkCore;
using Mirai.Platform.Outbox;

namespace Mirai.Platform.Database;

/// <summary>The platform's database. Each table has a configuration of its own in <c>Tables/</c>.</summary>
internal abstract class MiraiDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    public DbSet<CheckoutRow> Checkouts => Set<CheckoutRow>();

    public DbSet<DocumentRow> Documents => Set<DocumentRow>();

    public DbSet<DocumentExtractionRow> Extractions => Set<DocumentExtractionRow>();

    public DbSet<FolderRow> Folders => Set<FolderRow>();

    public DbSet<CourseRow> Courses => Set<CourseRow>();

    public DbSet<LessonRow> Lessons => Set<LessonRow>();

    public DbSet<GenerationJobRow> GenerationJobs => Set<GenerationJobRow>();

    public DbSet<MarkRow> Marks => Set<MarkRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<RegistrationRow> Registrations => Set<RegistrationRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MiraiDbContext).Assembly);
}
