using System.Linq.Expressions;
using TorchSharp;

namespace Interp.Compute.Tests.Devices;

/// <summary>What libtorch reads must live until it has read it, whenever another thread starts a collection (see build/TorchSharp.targets).</summary>
public sealed class TorchSharpLifetimeTests
{
    private const int Rounds = 300;
    private const int Length = 1 << 18;

    /// <summary>
    /// A sum of different types first converts its operands and then reads the hidden 1 that the second is multiplied by, so a collection has time to
    /// free that number. Without the mend libtorch then reads what took its place: another number, an unknown kind of scalar, or a crash.
    /// </summary>
    [Fact]
    public void Scalars_live_through_the_native_call()
    {
        using var scope = torch.NewDisposeScope();
        using var collections = new Collections();
        var integers = torch.arange(Length, torch.int32);
        var doubles = torch.arange(Length, torch.float64);
        for (var round = 0; round < Rounds; round++)
        {
            using var sum = integers + doubles;
            Assert.Equal(6.0, sum[3].item<double>());
        }
    }

    /// <summary>A tensor that no scope owns and nothing refers to after the call is garbage once its address was read.</summary>
    [Fact]
    public void Tensors_live_through_the_native_call()
    {
        // Compiled here, so that it is optimised in debug builds too; those keep every temporary until the method ends.
        Expression<Func<Scalar, long[], torch.Tensor>> text = (value, shape) => torch.full(shape, value, torch.float64, null, false, null).cumsum(0, null);
        var sums = text.Compile();
        using Scalar one = 1.0;
        using var collections = new Collections();
        for (var round = 0; round < Rounds; round++)
        {
            using var sum = sums(one, [Length]);
            Assert.Equal(Length, sum[Length - 1].item<double>());
        }
    }

    /// <summary>Collects without end, and takes the place of what was freed.</summary>
    private sealed class Collections : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;

        public Collections()
        {
            _thread = new Thread(Run);
            _thread.Start();
        }

        public void Dispose()
        {
            _stop.Cancel();
            _thread.Join();
            _stop.Dispose();
        }

        private void Run()
        {
            var numbers = new Scalar[64];
            while (!_stop.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = -1.0;
                }

                Array.ForEach(numbers, number => number.Dispose());
            }
        }
    }
}
