using System.Reflection;
using System.Runtime.CompilerServices;
using Mirai.Platform.Documents;
using Mirai.Queue;

namespace Mirai.Platform.Tests;

/// <summary>API and worker see public surfaces only, and the platform's is small.</summary>
internal sealed class ArchitectureTests
{
    [TestCase(typeof(IDocumentStore))]
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
        var types = typeof(IDocumentStore).Assembly.GetExportedTypes().Select(type => $"{type.Namespace}: {type.Name}");

        Assert.That(types, Is.EquivalentTo(new[]
        {
            "Microsoft.Extensions.DependencyInjection: MiraiPlatformServiceCollectionExtensions",
            "Mirai.Platform: CleanupExpired",
            "Mirai.Platform: PlatformTasksJson",
            "Mirai.Platform: SmeIngestion",
            "Mirai.Platform: StripeProvision",
            "Mirai.Platform: StripeReconcile",
            "Mirai.Platform.Cleanup: ICleanup",
            "Mirai.Platform.Database: DatabaseUnavailableException",
            "Mirai.Platform.Documents: Document",
            "Mirai.Platform.Documents: DocumentContent",
            "Mirai.Platform.Documents: DocumentExtraction",
            "Mirai.Platform.Documents: DocumentFormat",
            "Mirai.Platform.Documents: DocumentOptions",
            "Mirai.Platform.Documents: DocumentSection",
            "Mirai.Platform.Documents: DocumentState",
            "Mirai.Platform.Documents: DocumentUnreadableException",
            "Mirai.Platform.Documents: IDocumentStore",
            "Mirai.Platform.Extraction: DocumentExtractor",
            "Mirai.Platform.Payments: IPayments",
            "Mirai.Platform.Payments: PaymentRefusedException",
            "Mirai.Platform.Payments: StripeUnavailableException",
            "Mirai.Platform.Payments: WebhookRefusedException",
            "Mirai.Platform.Registrations: IRegistrationStore",
            "Mirai.Platform.Registrations: NewRegistration",
            "Mirai.Platform.Registrations: Registration",
            "Mirai.Platform.Registrations: RegistrationState",
        }));
    }
}
