namespace Mirai.Platform.Registrations;

/// <summary>What became of a registration.</summary>
public enum RegistrationState
{
    /// <summary>Not paid yet; deleted some time after it expires.</summary>
    Pending,

    /// <summary>Stripe said that it is paid; its account is being set up.</summary>
    Paid,

    /// <summary>It has its account.</summary>
    Completed,
}
