using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Interp.Compute.Tests")]

// ILGPU makes its launchers in an assembly of this name.
[assembly: InternalsVisibleTo("ILGPURuntime")]

// The checks that run on a machine with a GPU.
[assembly: InternalsVisibleTo("Interp.Gpu.Checks")]
