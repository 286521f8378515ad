using System.Data.Common;

namespace Mirai.Platform.Registrations;

/// <summary>Registrations, in the platform's database.</summary>
/// <remarks>Every method throws a <see cref="DbException"/>, itself or as the inner exception, when the database
/// cannot be reached: nothing is changed then.</remarks>
public interface IRegistrationStore
{
    /// <summary>Stores a registration as <see cref="RegistrationState.Pending"/>.</summary>
    /// <param name="registration">Who wants an account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The registration as stored.</returns>
    /// <exception cref="ArgumentException">The e-mail address or the name is none; the message says which.</exception>
    Task<Registration> CreateAsync(NewRegistration registration, CancellationToken cancellationToken = default);

    /// <summary>A registration.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns><see langword="null"/> when there is none, or it expired without a payment.</returns>
    Task<Registration?> FindAsync(Guid id, CancellationToken cancellationToken = default);
}
