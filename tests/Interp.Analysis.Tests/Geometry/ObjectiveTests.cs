using Interp.Analysis.Geometry.Objective;
using Interp.Compute;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Geometry;

public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(ProjectionKind.Dense, 200, 12)]
    [InlineData(ProjectionKind.Sparse, 200, 12)]
    [InlineData(ProjectionKind.Fastfood, 256, 16)]
    public void Columns_have_unit_length_and_are_nearly_orthogonal(ProjectionKind kind, int parameters, int dimension)
    {
        using var scope = NewDisposeScope();
        using var projection = RandomProjection.Draw(kind, parameters, dimension, 3);
        var matrix = Matrix(projection);
        var gram = matrix.t().matmul(matrix);
        Assert.True((gram.diagonal() - 1).abs().max().ToSingle() < 1e-5, $"{gram.diagonal().min().ToSingle()}–{gram.diagonal().max().ToSingle()}");
        Assert.True((gram - eye(dimension)).abs().max().ToSingle() < (kind == ProjectionKind.Dense ? 1e-5 : 0.5));
    }

    [Theory]
    [InlineData(ProjectionKind.Dense, 30, 7)]
    [InlineData(ProjectionKind.Sparse, 30, 7)]
    [InlineData(ProjectionKind.Fastfood, 30, 7)]
    [InlineData(ProjectionKind.Fastfood, 5, 5)]
    [InlineData(ProjectionKind.Sparse, 1, 1)]
    public void The_transposed_map_is_the_transposed_matrix_and_the_seed_decides(ProjectionKind kind, int parameters, int dimension)
    {
        using var scope = NewDisposeScope();
        using var projection = RandomProjection.Draw(kind, parameters, dimension, 3);
        using var same = RandomProjection.Draw(kind, parameters, dimension, 3);
        using var other = RandomProjection.Draw(kind, parameters, dimension, 4);
        var matrix = Matrix(projection);
        var vector = RandomTensor.Normal(parameters, 1).flatten();
        Assert.True(projection.ApplyTransposed(vector).allclose(matrix.t().matmul(vector), 1e-5, 1e-5));
        Assert.True(Matrix(same).equal(matrix).all().ToBoolean());
        Assert.True(parameters == 1 || !Matrix(other).equal(matrix).all().ToBoolean());
    }

    [Fact]
    public void The_Hadamard_transform_is_the_product_with_Sylvesters_matrix()
    {
        using var scope = NewDisposeScope();
        var matrix = ones(1, 1);
        for (var doubling = 0; doubling < 4; doubling++)
        {
            matrix = cat([cat([matrix, matrix], 1), cat([matrix, -matrix], 1)], 0);
        }

        var rows = RandomTensor.Normal(3, 16);
        Assert.True(FastfoodProjection.Hadamard(rows).allclose(rows.matmul(matrix), 1e-5, 1e-5));
    }

    /// <summary>
    /// The toy of arXiv 1804.08838, section 2: 1000 parameters whose ten blocks of a hundred must sum to 1…10. Its solutions form an affine
    /// space of codimension ten, so a random subspace meets it from ten dimensions on, and the least loss below is that of least squares.
    /// </summary>
    [Theory]
    [InlineData(ProjectionKind.Dense, 5)]
    [InlineData(ProjectionKind.Fastfood, 9)]
    [InlineData(ProjectionKind.Fastfood, 10)]
    [InlineData(ProjectionKind.Sparse, 12)]
    public void Ten_sums_of_a_thousand_parameters_have_ten_dimensions(ProjectionKind kind, int dimension)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var toy = new BlockSums();
        using var projection = RandomProjection.Draw(kind, 1000, dimension, 1);
        var seen = BlockSums.Sums.matmul(Matrix(projection)).to(ScalarType.Float64); // [10, d]
        var best = linalg.lstsq(seen, BlockSums.Wanted.to(ScalarType.Float64).unsqueeze(1)).Solution;
        var least = (seen.matmul(best).squeeze(1) - BlockSums.Wanted).square().sum().ToDouble();
        using var subspace = new SubspaceObjective(toy, projection);
        var trained = Trainer.Run(subspace, new TrainingOptions { Steps = 2500, LearningRate = 0.1, WeightDecay = 0, CooldownSteps = 2000, EvaluateEvery = 2500 });
        Assert.Equal(least, trained.History[^1].HeldOutLoss, 1e-2 + (1e-3 * least));
        Assert.Equal(dimension >= 10, trained.History[^1].HeldOutLoss < 0.1);
    }

    [Fact]
    public void Training_starts_at_the_recipes_weights_and_leaves_what_is_outside_the_subspace()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var opened = TrainingRecipes.Find("clock-31").Open(1);
        var before = Flat(opened.Objective);
        var (loss, _) = opened.Objective.Loss(null);
        using var projection = RandomProjection.Draw(ProjectionKind.Dense, (int)before.numel(), 20, 0);
        using var subspace = new SubspaceObjective(opened.Objective, projection);
        using (enable_grad())
        {
            Assert.Equal(loss.ToDouble(), subspace.Loss(null).Loss.ToDouble(), 1e-6);
        }

        _ = Trainer.Run(subspace, new TrainingOptions { Steps = 30, LearningRate = 0.1, WeightDecay = 1 });
        subspace.Settle();
        var moved = Flat(opened.Objective) - before;
        Assert.True(moved.norm().ToSingle() > 0.1);
        Assert.True((moved - projection.Apply(projection.ApplyTransposed(moved))).norm().ToSingle() < 1e-4 * moved.norm().ToSingle() + 1e-4);
    }

    [Fact]
    public void More_dimensions_train_further_and_the_same_seed_gives_the_same_numbers()
    {
        var options = new ObjectiveOptions { Recipe = "clock-31", Dimensions = [8, 1024], Steps = 60 };
        var result = ObjectiveAnalysis.Run(TrainingRecipes.Find("clock-31"), options);
        Assert.Equal([8, 1024], result.Subspaces.Select(training => training.Dimension));
        Assert.True(result.Subspaces[1].TrainLoss < result.Subspaces[0].TrainLoss, $"{result.Subspaces[0].TrainLoss}, {result.Subspaces[1].TrainLoss}");
        Assert.Equal(result.Parameters, result.Full.Dimension);
        Assert.Equal(result.Subspaces, ObjectiveAnalysis.Run(TrainingRecipes.Find("clock-31"), options).Subspaces);
        Assert.All(ObjectiveFigures.Draw(result), figure => Assert.False(string.IsNullOrEmpty(figure.Layout.YAxis[0].Title.Text)));
    }

    [Fact]
    public void The_least_dimension_is_by_the_median_and_wrong_dimensions_are_refused()
    {
        SubspaceTraining Of(int dimension, double accuracy) => new(dimension, 0, 1, 0, accuracy, 0, 0);
        Assert.Equal(8, ObjectiveAnalysis.Least([Of(16, 1), Of(8, 0.95), Of(8, 0.2), Of(8, 0.92), Of(4, 0.5)], training => training.TrainAccuracy, 0.9));
        Assert.Null(ObjectiveAnalysis.Least([Of(4, 0.5)], training => training.TrainAccuracy, 0.9));
        var recipe = TrainingRecipes.Find("clock-31");
        Assert.Throws<InterpException>(() => ObjectiveAnalysis.Run(recipe, new ObjectiveOptions { Dimensions = [0] }));
        Assert.Throws<InterpException>(() => ObjectiveAnalysis.Run(recipe, new ObjectiveOptions { Dimensions = [1_000_000] }));
        Assert.Throws<InterpException>(() => RandomProjection.Draw(ProjectionKind.Dense, 1_000_000, 1000, 0));
        Assert.Throws<OperationCanceledException>(() => ObjectiveAnalysis.Run(recipe, new ObjectiveOptions { Dimensions = [8], Steps = 5 }, null, new CancellationToken(true)));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(
        () => ObjectiveAnalysis.Run(TrainingRecipes.Find("clock-31"), new ObjectiveOptions { Dimensions = [8], Steps = 3 }));

    private static Tensor Matrix(RandomProjection projection)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var unit = eye(projection.Dimension);
        return stack([.. Enumerable.Range(0, projection.Dimension).Select(column => projection.Apply(unit[column]))], 1).MoveToOuterDisposeScope();
    }

    private static Tensor Flat(ITrainingObjective objective) =>
        cat([.. objective.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.detach().flatten())], 0).clone();

    private sealed class BlockSums : ITrainingObjective, IDisposable
    {
        private readonly Tensor _theta = zeros(1000).DetachFromDisposeScope();

        public static Tensor Wanted => arange(1, 11).to(ScalarType.Float32);

        public static Tensor Sums => eye(10).repeat_interleave(100, 1);

        public IReadOnlyDictionary<string, Tensor> Parameters => new Dictionary<string, Tensor> { ["theta"] = _theta };

        public int ExampleCount => 1;

        public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples) => ((Sums.matmul(_theta) - Wanted).square().sum(), zeros(1).sum());

        public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default)
        {
            using var scope = NewDisposeScope();
            return (Loss(null).Loss.ToDouble(), 0);
        }

        public void Dispose() => _theta.Dispose();
    }
}
