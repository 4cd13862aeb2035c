using System.Globalization;
using Interp.Compute;
using Interp.Models;

namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The adapters or models that a tuning saved on its way, in <c>steps/STEP</c> of its folder.</summary>
internal static class TrainingSteps
{
    private const string Folder = "steps";

    /// <summary>The matrices of every saved adapter, each with its step; then those of the last.</summary>
    /// <exception cref="InterpException">None was saved.</exception>
    public static WeightMatrices OfAdapters(string adapter)
    {
        var opened = new OpenFiles();
        try
        {
            var matrices = new List<WeightMatrix>();
            foreach (var (step, folder) in List(adapter))
            {
                var one = opened.Add(AdapterMatrices.Open(folder));
                matrices.AddRange(one.Matrices.Select(matrix => matrix.AtStep(step)));
            }

            return new WeightMatrices(matrices, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The changes of every saved model from another. One saved model is held at a time.</summary>
    /// <param name="tuned">The tuned model's folder.</param>
    /// <param name="names">The matrices.</param>
    /// <param name="change">The change of a matrix, given how to come by the tuned model.</param>
    /// <exception cref="InterpException">None was saved.</exception>
    public static (IReadOnlyList<WeightMatrix> Matrices, IDisposable Open) OfModels(
        string tuned, IReadOnlyList<string> names, Func<Func<LanguageModel>, string, WeightMatrix> change)
    {
        var current = new CurrentModel();
        return ([.. List(tuned).SelectMany(step => names.Select(name => change(() => current.Load(step.Folder), name).AtStep(step.Step)))], current);
    }

    private static (int Step, string Folder)[] List(string folder)
    {
        var steps = Path.Combine(folder, Folder);
        var found = Directory.Exists(steps)
            ? Directory.GetDirectories(steps)
                .Select(path => (IsStep: int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var step), Step: step, Folder: path))
                .Where(entry => entry.IsStep).Select(entry => (entry.Step, entry.Folder)).OrderBy(entry => entry.Step).ToArray()
            : [];
        return found.Length > 0 ? found : throw new InterpException($"{folder} holds no {Folder}/STEP folders: tune with --save-every to keep what was trained on the way");
    }

    /// <summary>Everything opened, to be closed together.</summary>
    private sealed class OpenFiles : IDisposable
    {
        private readonly List<IDisposable> _all = [];

        public T Add<T>(T item)
            where T : IDisposable
        {
            _all.Add(item);
            return item;
        }

        public void Dispose()
        {
            foreach (var item in _all)
            {
                item.Dispose();
            }
        }
    }

    /// <summary>The saved model that was asked for last.</summary>
    private sealed class CurrentModel : IDisposable
    {
        private string? _folder;
        private LanguageModel? _model;

        public LanguageModel Load(string folder)
        {
            if (_folder != folder)
            {
                _model?.Dispose();
                _model = null;
                _model = LanguageModel.Load(folder);
                _folder = folder;
            }

            return _model!;
        }

        public void Dispose() => _model?.Dispose();
    }
}
