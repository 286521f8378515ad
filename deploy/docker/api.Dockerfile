# Build it from the root of the source tree: docker build -f deploy/docker/api.Dockerfile -t mirai-api .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /src
COPY . .
# CI has analysed the code.
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish Mirai.Api --configuration Release --output /app -p:RunAnalyzers=false

# Chiseled: no shell, no package manager, not root. Extra: with the time zones that schedules name. It has ASP.NET Core,
# which Mirai.Hosting needs in both programs for probes and metrics, so that the images share their layers.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
# 8081 is for those who read the metrics, whom network policies let in there.
ENV DOTNET_ENVIRONMENT=Production \
    ASPNETCORE_HTTP_PORTS=8080;8081
EXPOSE 8080 8081
# By number, because runAsNonRoot does not look names up.
USER 1654
ENTRYPOINT ["dotnet", "Mirai.Api.dll"]
