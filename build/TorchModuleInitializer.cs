using System.Runtime.CompilerServices;

namespace Interp;

/// <summary>Compiled into each program and Interp.Compute, so that libtorch is found whichever of them touches TorchSharp first.</summary>
internal static class TorchModuleInitializer
{
    [ModuleInitializer]
    internal static void Initialize() => Compute.Devices.TorchLibraries.Register();
}
