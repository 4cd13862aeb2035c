using System.Reflection;
using ILGPU;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>Kernels by name. One that is written for several types is closed over those of the views that it is given.</summary>
internal static class KernelMethods
{
    /// <summary>The kernel that takes the arguments.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or none for views of these types.</exception>
    public static MethodInfo Find(Type kernels, string name, IReadOnlyList<object> arguments)
    {
        var method = kernels.GetMethod(name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) ?? throw new ArgumentException($"there is no kernel {kernels.Name}.{name}", nameof(name));
        if (!method.IsGenericMethodDefinition)
        {
            return method;
        }

        var types = new Type?[method.GetGenericArguments().Length];
        var parameters = method.GetParameters();
        var first = parameters[0].ParameterType == typeof(Index1D) ? 1 : 0;
        for (var i = 0; i < arguments.Count && first + i < parameters.Length; i++)
        {
            var type = parameters[first + i].ParameterType;
            if (arguments[i] is IKernelView view && type.IsGenericType && type.GetGenericArguments()[0] is { IsGenericMethodParameter: true } open)
            {
                types[open.GenericParameterPosition] ??= view.Element;
            }
        }

        return types.All(type => type is not null)
            ? method.MakeGenericMethod(types!)
            : throw new ArgumentException($"kernel {kernels.Name}.{name} is not given a view of every type that it is written for", nameof(arguments));
    }

    /// <summary>A kernel's class, method and types ("RowNormKernels.Apply of Bfloat16").</summary>
    public static string NameOf(MethodInfo kernel) =>
        $"{kernel.DeclaringType!.Name}.{kernel.Name}{(kernel.IsGenericMethod && !kernel.IsGenericMethodDefinition ? $" of {string.Join(", ", kernel.GetGenericArguments().Select(type => type.Name))}" : "")}";
}
