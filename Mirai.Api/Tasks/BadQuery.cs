using System.Text.Json;
using Mirai.Api.Requests;

namespace Mirai.Api.Tasks;

/// <summary>Tells what the inspector finds wrong with a query as the name of a field.</summary>
internal static class BadQuery
{
    public static async Task<T> NameAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ArgumentException exception) when (exception.ParamName is not null)
        {
            throw new InvalidRequestException(
                JsonNamingPolicy.CamelCase.ConvertName(exception.ParamName), WithoutParameter(exception));
        }
    }

    // "text. (Parameter 'name')"
    private static string WithoutParameter(ArgumentException exception) =>
        exception.Message.Split(" (Parameter")[0];
}
