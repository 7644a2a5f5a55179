namespace FaultTolerance.Calls;

/// <summary>Which parameters take the results of many tasks. The client checks with it; the node builds the array with it.</summary>
internal static class FanIn
{
    /// <summary>Returns E for a parameter E[], or of an interface with the one argument E that E[] implements; else null.</summary>
    public static Type? ElementOf(Type parameter)
    {
        if (parameter.IsSZArray)
        {
            return parameter.GetElementType();
        }

        if (!parameter.IsInterface || !parameter.IsConstructedGenericType || parameter.GenericTypeArguments is not [{ IsByRefLike: false } element])
        {
            return null;
        }

        return parameter.IsAssignableFrom(element.MakeArrayType()) ? element : null;
    }
}
