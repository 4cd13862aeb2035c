namespace Interp.Analysis.Circles.Separability;

/// <summary>One thread's workspace that measures the mutual information of a cloud's coordinates at many angles.</summary>
internal interface IRotatedInformation
{
    /// <summary>Rotates the cloud to an angle.</summary>
    void Rotate(double angle);

    /// <summary>The information at the angle last rotated to, bits.</summary>
    /// <param name="order">Pairs the first coordinate of point i with the second coordinate of point order[i]; empty for the cloud itself.</param>
    double Measure(ReadOnlySpan<int> order);
}
