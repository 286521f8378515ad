using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Mirai.Api.Security;

/// <summary>Validates bearer tokens by <see cref="JwtOptions"/>. Scopes come from <c>scope</c> (words) or <c>scp</c>,
/// queues and types from <see cref="Caller.QueueClaim"/> and <see cref="Caller.TypeClaim"/>.</summary>
internal sealed class BearerTokens(IOptions<SecurityOptions> security, TimeProvider time)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly string[] ScopeClaims = ["scope", "scp"];

    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        var jwt = security.Value.Jwt;
        options.MapInboundClaims = false;
        options.Authority = string.IsNullOrEmpty(jwt.Authority) ? null : jwt.Authority;
        options.Audience = jwt.Audience;
        options.TimeProvider = time;
        options.TokenValidationParameters.NameClaimType = "sub";
        options.TokenValidationParameters.ValidAudience = jwt.Audience;
        options.TokenValidationParameters.RequireExpirationTime = true;
        if (!string.IsNullOrEmpty(jwt.Issuer))
        {
            options.TokenValidationParameters.ValidIssuer = jwt.Issuer;
        }

        if (!string.IsNullOrEmpty(jwt.SigningKey))
        {
            options.TokenValidationParameters.IssuerSigningKey =
                new SymmetricSecurityKey(Convert.FromBase64String(jwt.SigningKey));
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        }

        options.Events = new JwtBearerEvents { OnTokenValidated = SplitScopesAsync };
    }

    private static Task SplitScopesAsync(TokenValidatedContext context)
    {
        if (context.Principal?.Identity is ClaimsIdentity identity)
        {
            var scopes = identity.FindAll(claim => ScopeClaims.Contains(claim.Type)).ToList();
            foreach (var scope in scopes)
            {
                identity.RemoveClaim(scope);
            }

            identity.AddClaims(scopes
                .SelectMany(scope => scope.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Distinct().Select(scope => new Claim(Scopes.Claim, scope)));
        }

        return Task.CompletedTask;
    }
}
