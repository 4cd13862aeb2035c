using Interp.Analysis.Circles.Find;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Find;

public sealed class GroupActivityTests
{
    [Theory]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    [InlineData(5, 5)]
    public void Reconstructions_have_the_inner_products_of_the_whole_vectors(int members, int dimension)
    {
        using var scope = NewDisposeScope();
        var decoder = RandomTensor.Normal(20, dimension);
        var codes = RandomTensor.Normal(30, 20, 2).relu();
        int[] latents = [.. Enumerable.Range(0, members).Select(i => (2 * i) + 1)];
        var activity = Filled(codes, latents, 1000);
        var direct = codes.index_select(1, tensor(latents)).to(ScalarType.Float64).matmul(decoder.index_select(0, tensor(latents)).to(ScalarType.Float64));
        direct = direct.index_select(0, tensor(activity.Rows.ToArray()));
        var reduced = activity.Reconstructions(decoder);
        Assert.Equal(Math.Min(members, dimension), reduced.shape[1]);
        var expected = direct.matmul(direct.t()).ToVector();
        var found = reduced.matmul(reduced.t()).ToVector();
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void The_first_active_tokens_are_kept_with_their_own_rows()
    {
        var activity = new GroupActivity([3, 8], 2);
        activity.Add(5, 0, 1);
        activity.Add(5, 1, 2);
        activity.Add(9, 1, 3);
        activity.Add(9, 0, 4);
        Assert.True(activity.IsFull);
        activity.Add(11, 0, 5);
        Assert.Equal([5L, 9L], activity.Rows);
        using var scope = NewDisposeScope();

        // The identity as decoder shows the codes themselves.
        var codes = activity.Reconstructions(eye(9)).abs().ToMatrix();
        Assert.Equal([1.0, 2, 4, 3], MatrixConversion.Span(codes).ToArray());
    }

    private static GroupActivity Filled(TorchSharp.torch.Tensor codes, int[] latents, int most)
    {
        var activity = new GroupActivity(latents, most);
        var values = codes.ToMatrix();
        for (var row = 0; row < values.GetLength(0); row++)
        {
            for (var member = 0; member < latents.Length; member++)
            {
                if (values[row, latents[member]] > 0)
                {
                    activity.Add(row, member, (float)values[row, latents[member]]);
                }
            }
        }

        return activity;
    }
}
