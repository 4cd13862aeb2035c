using Interp.Compute;
using Interp.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Training;

public sealed class TokenObjectiveTests
{
    [Fact]
    public void A_stream_is_cut_so_that_every_token_but_the_first_is_asked_once()
    {
        using var rows = TokenRows.FromStream([1, 2, 3, 4, 5, 6, 7, 8], 3);
        Assert.Equal([1L, 2, 3, 4, 5, 6], rows.Ids.data<long>().ToArray());
        Assert.Equal([2L, 3, 4, 5, 6, 7], rows.Targets.data<long>().ToArray());
        Assert.Throws<InterpException>(() => TokenRows.FromStream([1, 2, 3], 3));
    }

    [Fact]
    public void Rows_are_padded_and_ask_from_the_wanted_token_on()
    {
        using var rows = TokenRows.FromRows([[1, 2, 3], [4, 5, 6, 7]], firstTarget: -1, padding: 9);
        Assert.Equal([1L, 2, 9, 4, 5, 6], rows.Ids.data<long>().ToArray());
        Assert.Equal([-100L, 3, -100, -100, -100, 7], rows.Targets.data<long>().ToArray());
    }

    [Fact]
    public void Loss_and_accuracy_count_asked_positions_only()
    {
        using var scope = NewDisposeScope();
        using var rows = TokenRows.FromRows([[0, 1, 2], [2, 0]]);

        // Token t is followed by t + 1 with odds of e² against each of the two others.
        var table = tensor(new double[,] { { 0, 2, 0 }, { 0, 0, 2 }, { 2, 0, 0 } });
        var objective = new TokenObjective(new Dictionary<string, Tensor> { ["table"] = table }, ids => table.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], 3), rows, rows);
        var (loss, accuracy) = objective.Evaluate();
        Assert.Equal(Math.Log(Math.Exp(2) + 2) - 2, loss, 1e-6);
        Assert.Equal(1, accuracy);
        Assert.Equal(loss, objective.Loss(null).Loss.ToDouble(), 1e-6);
        Assert.Equal(loss, objective.Loss(tensor(new long[] { 1 })).Loss.ToDouble(), 1e-6);
    }
}
