using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Mirai.Architecture.Tests;

/// <summary>Which namespace of an assembly uses which other one, read from the compiled symbols: base types, members,
/// attributes and method bodies. What the compiler inlines (constants, <c>nameof</c>) leaves no reference.</summary>
internal sealed class NamespaceGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, SortedSet<string>>> uses =
        new(StringComparer.Ordinal);

    private NamespaceGraph()
    {
    }

    public IEnumerable<string> Namespaces => uses.Keys;

    public static NamespaceGraph Read(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        var graph = new NamespaceGraph();
        foreach (var type in module.GetTypes())
        {
            foreach (var used in ReferencesOf(type).SelectMany(Parts))
            {
                graph.Add(type, used);
            }
        }

        return graph;
    }

    /// <summary>The namespaces that one uses, itself not among them.</summary>
    public IEnumerable<string> UsedBy(string name) => uses.TryGetValue(name, out var used) ? used.Keys : [];

    /// <summary>Up to three examples of what makes one namespace depend on another.</summary>
    public string Explain(string user, string used) =>
        $"{user} uses {used}: {string.Join(", ", uses[user][used].Take(3))}";

    /// <summary>The dependencies that form cycles: each runs between two namespaces that reach each other.</summary>
    public IEnumerable<string> FindCycles() =>
        from user in uses.Keys
        from used in uses[user].Keys
        where Reaches(used, user)
        select Explain(user, used);

    private bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var current))
        {
            if (current == to)
            {
                return true;
            }

            foreach (var next in seen.Add(current) ? UsedBy(current) : [])
            {
                open.Push(next);
            }
        }

        return false;
    }

    private void Add(TypeDefinition user, TypeReference reference)
    {
        // A reference to a type of another assembly has that assembly as its scope, one within this assembly the module.
        if (reference.Scope is not ModuleDefinition)
        {
            return;
        }

        var (from, to) = (Outermost(user), Outermost(reference));
        if (from.Namespace == to.Namespace || !IsOurs(from.Namespace) || !IsOurs(to.Namespace))
        {
            return;
        }

        uses.TryAdd(from.Namespace, new(StringComparer.Ordinal));
        uses[from.Namespace].TryAdd(to.Namespace, new(StringComparer.Ordinal));
        uses[from.Namespace][to.Namespace].Add($"{from.Name} → {to.Name}");
    }

    // Source generators put helpers into namespaces of their own.
    private static bool IsOurs(string name) => name == "Mirai" || name.StartsWith("Mirai.", StringComparison.Ordinal)
        || name == "Microsoft.Extensions.DependencyInjection";

    private static TypeReference Outermost(TypeReference type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> ReferencesOf(TypeDefinition type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Array.Empty<TypeReference>(),
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Properties.Select(property => property.PropertyType),
        .. type.Methods.SelectMany(ReferencesOf),
        .. AttributesOf(type).Concat(type.Properties.SelectMany(AttributesOf)).Concat(type.Fields.SelectMany(AttributesOf)),
        .. type.GenericParameters.SelectMany(ConstraintsOf),
    ];

    private static IEnumerable<TypeReference> ReferencesOf(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.GenericParameters.SelectMany(ConstraintsOf),
        .. AttributesOf(method),
        .. method.HasBody ? ReferencesOf(method.Body) : [],
    ];

    private static IEnumerable<TypeReference> ReferencesOf(MethodBody body) => body.Variables
        .Select(variable => variable.VariableType)
        .Concat(body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>())
        .Concat(body.Instructions.SelectMany(ReferencesOf));

    private static IEnumerable<TypeReference> ReferencesOf(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> AttributesOf(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute => attribute.ConstructorArguments
            .Select(argument => argument.Value).OfType<TypeReference>().Append(attribute.AttributeType));

    private static IEnumerable<TypeReference> ConstraintsOf(GenericParameter parameter) =>
        parameter.Constraints.Select(constraint => constraint.ConstraintType);

    // Arrays, by-references and generic instances stand for the types that they are made of.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Concat(Parts(generic.ElementType)),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };
}
