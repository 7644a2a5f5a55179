using System.Globalization;

namespace FaultTolerance.Cli.Demo;

/// <summary>When the demo kills: after a part of the work, or after a time.</summary>
/// <param name="Part">The part of the tasks that must have ended, from 0 to 1; null where the time counts.</param>
/// <param name="After">The time since the first submit; null where the part counts.</param>
internal readonly record struct KillMoment(double? Part, TimeSpan? After)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Half-way.</summary>
    public static KillMoment HalfWay { get; } = new(0.5, null);

    /// <summary>Reads "50%" or "3s", with or without a fraction.</summary>
    public static bool TryParse(string text, out KillMoment moment)
    {
        moment = default;
        if (text is not [.., '%' or 's'] || !TryParseNumber(text[..^1], out var number))
        {
            return false;
        }

        if (text[^1] == '%' && number is > 0 and < 100)
        {
            moment = new KillMoment(number / 100, null);
            return true;
        }

        if (text[^1] == 's' && number >= 0 && number <= Longest.TotalSeconds)
        {
            moment = new KillMoment(null, TimeSpan.FromSeconds(number));
            return true;
        }

        return false;
    }

    /// <summary>Returns whether the moment has come.</summary>
    /// <param name="ended">How many tasks have ended.</param>
    /// <param name="planned">How many tasks there will be.</param>
    /// <param name="elapsed">The time since the first submit.</param>
    public bool HasCome(long ended, long planned, TimeSpan elapsed) => Part is { } part ? ended >= part * planned : elapsed >= After;

    public override string ToString() => Part is { } part
        ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:0.##}%")
        : string.Create(CultureInfo.InvariantCulture, $"{After?.TotalSeconds:0.##}s");

    private static bool TryParseNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
