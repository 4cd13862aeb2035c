namespace Interp.Analysis.Circles.Planes;

/// <summary>Finds the frequency of the labels that the angle of a plane's points follows.</summary>
internal static class FrequencyReader
{
    /// <summary>Fits every frequency and checks the order for the best one. Costs O(n p).</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="labels">The residue of each point.</param>
    /// <param name="modulus">p ≥ 3.</param>
    public static FrequencyFit Read(double[] x, double[] y, IReadOnlyList<int> labels, int modulus)
    {
        var (first, second) = Orthonormal(x, y);
        var counts = new double[modulus];
        var sums = new double[2, modulus];
        for (var i = 0; i < x.Length; i++)
        {
            counts[labels[i]]++;
            sums[0, labels[i]] += first[i];
            sums[1, labels[i]] += second[i];
        }

        var frequency = Enumerable.Range(1, modulus / 2).MaxBy(k => Explained(sums, counts, k).R2);
        var (r2, map) = Explained(sums, counts, frequency);
        double cosine = 0, sine = 0, error = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var read = Math.Atan2((map[1, 0] * first[i]) + (map[1, 1] * second[i]), (map[0, 0] * first[i]) + (map[0, 1] * second[i]));
            var difference = Math.IEEERemainder(read - Angle(frequency, labels[i], modulus), 2 * Math.PI);
            (cosine, sine, error) = (cosine + Math.Cos(difference), sine + Math.Sin(difference), error + Math.Abs(difference));
        }

        var angles = PlaceAngles(x, y, labels, frequency, modulus);
        var orderedShare = OrderedShare(angles, out var isOrdered);
        return new FrequencyFit
        {
            Frequency = frequency,
            R2 = r2,
            AngleCorrelation = Math.Sqrt((cosine * cosine) + (sine * sine)) / x.Length,
            AngleError = error / x.Length,
            RankCorrelation = RankCorrelation(angles),
            OrderedShare = orderedShare,
            IsOrdered = isOrdered,
        };
    }

    /// <summary>The angle 2πkr/p, reduced in whole numbers so that large products lose no digits.</summary>
    public static double Angle(int frequency, int residue, int modulus) => 2 * Math.PI * ((long)frequency * residue % modulus) / modulus;

    /// <summary>The mean point of each residue; NaN for residues without points.</summary>
    public static (double[] X, double[] Y) Centroids(double[] x, double[] y, IReadOnlyList<int> labels, int modulus)
    {
        double[] sumX = new double[modulus], sumY = new double[modulus], counts = new double[modulus];
        for (var i = 0; i < x.Length; i++)
        {
            sumX[labels[i]] += x[i];
            sumY[labels[i]] += y[i];
            counts[labels[i]]++;
        }

        return ([.. sumX.Select((sum, r) => sum / counts[r])], [.. sumY.Select((sum, r) => sum / counts[r])]);
    }

    /// <summary>R² of both targets together, and the map from the orthonormal coordinates to (cos, sin).</summary>
    private static (double R2, double[,] Map) Explained(double[,] sums, double[] counts, int frequency)
    {
        var modulus = counts.Length;
        var points = counts.Sum();
        var map = new double[2, 2];
        double cosine = 0, sine = 0;
        for (var r = 0; r < modulus; r++)
        {
            var (s, c) = Math.SinCos(Angle(frequency, r, modulus));
            for (var axis = 0; axis < 2; axis++)
            {
                map[0, axis] += c * sums[axis, r];
                map[1, axis] += s * sums[axis, r];
            }

            (cosine, sine) = (cosine + (counts[r] * c), sine + (counts[r] * s));
        }

        // Both targets have Σ(cos² + sin²) = n in all; their means take away what centred coordinates cannot explain.
        var total = points - (((cosine * cosine) + (sine * sine)) / points);
        var explained = map.Cast<double>().Sum(value => value * value);
        return (total > 0 ? explained / total : 0, map);
    }

    /// <summary>Centred coordinates made orthonormal; a direction without extent becomes zeros.</summary>
    private static (double[] First, double[] Second) Orthonormal(double[] x, double[] y)
    {
        static double[] Centred(double[] values)
        {
            var mean = values.Average();
            return Array.ConvertAll(values, value => value - mean);
        }

        static double[] Unit(double[] values, double scale)
        {
            var norm = Math.Sqrt(values.Sum(value => value * value));
            return norm > 1e-12 * scale ? Array.ConvertAll(values, value => value / norm) : new double[values.Length];
        }

        double[] centredX = Centred(x), centredY = Centred(y);
        var scale = Math.Sqrt(centredX.Sum(v => v * v) + centredY.Sum(v => v * v));
        var first = Unit(centredX, scale);
        var along = first.Zip(centredY, (a, b) => a * b).Sum();
        return (first, Unit([.. centredY.Select((value, i) => value - (along * first[i]))], scale));
    }

    /// <summary>The angles of the places kr mod p in their order around the circle, seen from the middle of all points.</summary>
    private static double[] PlaceAngles(double[] x, double[] y, IReadOnlyList<int> labels, int frequency, int modulus)
    {
        // Residues of the same kr mod p (when k and p share a factor) are one point of the circle.
        int[] places = [.. labels.Select(label => (int)((long)frequency * label % modulus))];
        var (placeX, placeY) = Centroids(x, y, places, modulus);
        double middleX = x.Average(), middleY = y.Average();
        return [.. Enumerable.Range(0, modulus).Where(v => !double.IsNaN(placeX[v])).Select(v => Math.Atan2(placeY[v] - middleY, placeX[v] - middleX))];
    }

    private static double OrderedShare(double[] angles, out bool isOrdered)
    {
        double[] steps = [.. angles.Select((angle, i) => Math.IEEERemainder(angles[(i + 1) % angles.Length] - angle, 2 * Math.PI))];
        var forward = steps.Count(step => step > 0);
        var turns = Math.Abs(steps.Sum()) / (2 * Math.PI);
        var ordered = Math.Max(forward, steps.Count(step => step < 0));
        isOrdered = angles.Length >= 3 && ordered == angles.Length && Math.Abs(turns - 1) < 1e-6;
        return angles.Length > 0 ? (double)ordered / angles.Length : 0;
    }

    /// <summary>|⟨exp 2πi(rank ∓ place)/n⟩| of the rank that a place's angle has among all, the better of both senses.</summary>
    private static double RankCorrelation(double[] angles)
    {
        int[] byAngle = [.. Enumerable.Range(0, angles.Length).OrderBy(place => angles[place])];
        double Resultant(int sense)
        {
            double cosine = 0, sine = 0;
            for (var rank = 0; rank < byAngle.Length; rank++)
            {
                var (s, c) = Math.SinCos(2 * Math.PI * (rank - (sense * byAngle[rank])) / byAngle.Length);
                (cosine, sine) = (cosine + c, sine + s);
            }

            return Math.Sqrt((cosine * cosine) + (sine * sine)) / byAngle.Length;
        }

        return byAngle.Length < 3 ? 0 : Math.Max(Resultant(1), Resultant(-1));
    }
}
