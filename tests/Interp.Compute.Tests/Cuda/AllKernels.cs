using System.Reflection;
using ILGPU;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Tests.Cuda;

/// <summary>Every GPU kernel of the project, for every type of its inputs: the public static methods without a result of classes named …Kernels.</summary>
internal static class AllKernels
{
    public static IReadOnlyList<MethodInfo> Methods { get; } =
        [.. typeof(PtxCache).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Kernels", StringComparison.Ordinal) && type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(void))
            .SelectMany(Closed)
            .OrderBy(NameOf, StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. Methods.Select(NameOf)];

    public static string NameOf(MethodInfo method) => KernelMethods.NameOf(method);

    public static MethodInfo Find(string name) => Methods.Single(method => NameOf(method) == name);

    /// <summary>A value of each of a kernel's parameters but its thread's number; views of different addresses and lengths.</summary>
    public static object[] Arguments(MethodInfo method)
    {
        var own = PtxCache.IsImplicit(method) ? method.GetParameters().Skip(1) : method.GetParameters();
        return [.. own.Select((parameter, i) => Value(parameter.ParameterType, i + 1))];
    }

    // A kernel written for several types, for each that it allows; where it takes two of the same kind, both the same.
    private static IEnumerable<MethodInfo> Closed(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [method];
        }

        var parameters = method.GetGenericArguments();
        var firsts = Allowed(parameters[0]);
        return firsts.SelectMany(first => parameters.All(parameter => Allowed(parameter).SequenceEqual(firsts))
            ? [method.MakeGenericMethod([.. parameters.Select(_ => first)])]
            : Allowed(parameters[1]).Select(second => method.MakeGenericMethod(first, second)));
    }

    private static Type[] Allowed(Type parameter) => [.. typeof(IReal).Assembly.GetTypes().Where(type => type.IsValueType && Allows(parameter, type))];

    private static bool Allows(Type parameter, Type type) => parameter.GetGenericParameterConstraints().Where(constraint => constraint.IsInterface)
        .All(constraint => type.GetInterfaces().Any(own => constraint.IsGenericType ? own.IsGenericType && own.GetGenericTypeDefinition() == constraint.GetGenericTypeDefinition() : own == constraint));

    private static object Value(Type type, int seed) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>)
            ? Activator.CreateInstance(typeof(KernelView<>).MakeGenericType(type.GetGenericArguments()), (nint)(0x1000 * seed), (long)(seed * 7))!
            : type == typeof(int) ? seed : type == typeof(long) ? (long)seed : type == typeof(float) ? seed + 0.5f : Activator.CreateInstance(type)!;
}
