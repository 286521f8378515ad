using System.Reflection;
using System.Runtime.CompilerServices;
using Mirai.Platform.Documents;
using Mirai.Queue;

namespace Mirai.Platform.Tests;

/// <summary>API and worker see public surfaces only, and the surface of the platform is small.</summary>
internal sealed class ArchitectureTests
{
    [TestCase(typeof(DocumentStore))]
    [TestCase(typeof(IQueueClient))]
    public void Internals_AreNotShownToPrograms(Type type)
    {
        var friends = type.Assembly.GetCustomAttributes<InternalsVisibleToAttribute>()
            .Select(friend => friend.AssemblyName);

        Assert.That(friends, Has.None.EqualTo("Mirai.Api").And.None.EqualTo("Mirai.Worker"));
    }

    [Test]
    public void PublicSurface_IsTasksAndWhatTheirHandlersCall()
    {
        var types = typeof(DocumentStore).Assembly.GetExportedTypes()
            .Select(type => $"{type.Namespace}: {type.Name}");

        Assert.That(types, Is.EquivalentTo(new[]
        {
            "Microsoft.Extensions.DependencyInjection: MiraiPlatformHealthChecksBuilderExtensions",
            "Microsoft.Extensions.DependencyInjection: MiraiPlatformServiceCollectionExtensions",
            "Mirai.Platform.Changes: Change",
            "Mirai.Platform.Changes: ChangeFeed",
            "Mirai.Platform.Cleanup: ICleanup",
            "Mirai.Platform.Courses: CourseContent",
            "Mirai.Platform.Courses: CourseFilter",
            "Mirai.Platform.Courses: CourseLimits",
            "Mirai.Platform.Courses: CourseStatus",
            "Mirai.Platform.Courses: CourseStatusText",
            "Mirai.Platform.Courses: FolderContent",
            "Mirai.Platform.Courses: CourseLibrary",
            "Mirai.Platform.Courses: LessonContent",
            "Mirai.Platform.Courses: LibraryWriteStatus",
            "Mirai.Platform.Database: DatabaseUnavailableException",
            "Mirai.Platform.Documents: Document",
            "Mirai.Platform.Documents: DocumentChunk",
            "Mirai.Platform.Documents: DocumentContent",
            "Mirai.Platform.Documents: DocumentExtraction",
            "Mirai.Platform.Documents: DocumentFormat",
            "Mirai.Platform.Documents: DocumentOptions",
            "Mirai.Platform.Documents: DocumentSection",
            "Mirai.Platform.Documents: DocumentState",
            "Mirai.Platform.Documents: DocumentUnreadableException",
            "Mirai.Platform.Documents: DocumentStore",
            "Mirai.Platform.Extraction: DocumentExtractor",
            "Mirai.Platform.Extraction: DocumentReading",
            "Mirai.Platform.Extraction: ReadingRun",
            "Mirai.Platform.Generation: GenerationJob",
            "Mirai.Platform.Generation: GenerationKind",
            "Mirai.Platform.Generation: GenerationRequest",
            "Mirai.Platform.Generation: GenerationState",
            "Mirai.Platform.Generation: GenerationJobStore",
            "Mirai.Platform.Generation: InvalidGenerationException",
            "Mirai.Platform.Generation: ModelBusyException",
            "Mirai.Platform.Generation: ModelFailedException",
            "Mirai.Platform.Generation: ModelRefusedException",
            "Mirai.Platform.Library: CacheKeys",
            "Mirai.Platform.Library: Course",
            "Mirai.Platform.Library: Folder",
            "Mirai.Platform.Library: Lesson",
            "Mirai.Platform.Library: LessonSource",
            "Mirai.Platform.Library: LibraryIndex",
            "Mirai.Platform.Library: LibraryJsonContext",
            "Mirai.Platform.Payments: StripePayments",
            "Mirai.Platform.Payments: PaymentRefusedException",
            "Mirai.Platform.Payments: StripeUnavailableException",
            "Mirai.Platform.Payments: WebhookRefusedException",
            "Mirai.Platform.Registrations: RegistrationStore",
            "Mirai.Platform.Registrations: NewRegistration",
            "Mirai.Platform.Registrations: Registration",
            "Mirai.Platform.Registrations: RegistrationState",
            "Mirai.Platform: AiGeneration",
            "Mirai.Platform: AiGenerationPoll",
            "Mirai.Platform: CleanupExpired",
            "Mirai.Platform: PlatformTasksJson",
            "Mirai.Platform: SmeIngestion",
            "Mirai.Platform: SmeIngestionPoll",
            "Mirai.Platform: StripeProvision",
            "Mirai.Platform: StripeReconcile",
        }));
    }
}
