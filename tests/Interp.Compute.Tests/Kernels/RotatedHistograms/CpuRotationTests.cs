using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Compute.Tests.Kernels.RotatedHistograms;

public sealed class CpuRotationTests() : RotatedHistogramTests(RotationBackend.Cpu);
