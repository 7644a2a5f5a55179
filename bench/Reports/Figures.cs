using System.Globalization;

namespace FaultTolerance.Bench.Reports;

/// <summary>How figures are written: three digits that mean something, no more.</summary>
internal static class Figures
{
    public static string Text(double figure) => Math.Abs(figure) switch
    {
        >= 100 => Rounded(figure).ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => figure.ToString("F1", CultureInfo.InvariantCulture),
        _ => figure.ToString("F2", CultureInfo.InvariantCulture),
    };

    private static double Rounded(double figure)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(figure))) - 2);
        return Math.Round(figure / step) * step;
    }
}
