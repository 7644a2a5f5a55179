namespace FaultTolerance.Grains.Actors;

/// <summary>Which actor.</summary>
internal readonly record struct ActorName(string Type, string Key)
{
    /// <summary>The longest type, in characters.</summary>
    public const int MaxType = 200;

    /// <summary>The longest key, in characters.</summary>
    public const int MaxKey = 500;

    /// <summary>Returns the name, if it is within its bounds.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static ActorName Of(string type, string key)
    {
        Require(type, MaxType, nameof(type));
        Require(key, MaxKey, nameof(key));
        return new ActorName(type, key);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";

    private static void Require(string text, int longest, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Length > longest)
        {
            throw new ArgumentException($"An actor's {name} has {longest} characters at the most; this one has {text.Length}.", name);
        }
    }
}
