using System.Reflection;
using ILGPU;
using Interp.Compute.Cuda;

namespace Interp.Compute.Tests.Cuda;

/// <summary>Every GPU kernel of the project: the public static methods of classes named …Kernels.</summary>
internal static class AllKernels
{
    public static IReadOnlyList<MethodInfo> Methods { get; } =
        [.. typeof(PtxCache).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Kernels", StringComparison.Ordinal) && type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(void))
            .OrderBy(method => $"{method.DeclaringType!.Name}.{method.Name}", StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. Methods.Select(NameOf)];

    public static string NameOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    public static MethodInfo Find(string name) => Methods.Single(method => NameOf(method) == name);

    /// <summary>A value of each of a kernel's parameters but its thread's number; views of different addresses and lengths.</summary>
    public static object[] Arguments(MethodInfo method)
    {
        var own = PtxCache.IsImplicit(method) ? method.GetParameters().Skip(1) : method.GetParameters();
        return [.. own.Select((parameter, i) => Value(parameter.ParameterType, i + 1))];
    }

    private static object Value(Type type, int seed) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>)
            ? Activator.CreateInstance(typeof(Compute.Kernels.Lanes.KernelView<>).MakeGenericType(type.GetGenericArguments()), (nint)(0x1000 * seed), (long)(seed * 7))!
            : type == typeof(int) ? seed : type == typeof(long) ? (long)seed : type == typeof(float) ? seed + 0.5f : Activator.CreateInstance(type)!;
}
