using System.Reflection;

namespace FaultTolerance.Calls;

/// <summary>Finds the attribute that makes a method a handler.</summary>
internal static class HandlerAttribute
{
    /// <summary>Looks at the method, at what overrides or declares it in the handler's class, then at the interfaces' methods behind it.</summary>
    public static TaskHandlerAttribute? Find(Type handlerType, MethodInfo method)
    {
        if (method.GetCustomAttribute<TaskHandlerAttribute>(inherit: true) is { } own)
        {
            return own;
        }

        if (handlerType.IsInterface)
        {
            return null;
        }

        // A call through a base class names the base's method; the attribute may stand on the override.
        var newest = handlerType.GetMethods().FirstOrDefault(other => other.GetBaseDefinition() == method.GetBaseDefinition()) ?? method;
        return newest.GetCustomAttribute<TaskHandlerAttribute>(inherit: true) ?? handlerType.GetInterfaces()
            .Select(contract => OfInterface(handlerType.GetInterfaceMap(contract), newest))
            .FirstOrDefault(found => found is not null);
    }

    private static TaskHandlerAttribute? OfInterface(InterfaceMapping map, MethodInfo method)
    {
        for (var i = 0; i < map.TargetMethods.Length; i++)
        {
            if (map.TargetMethods[i].GetBaseDefinition() == method.GetBaseDefinition())
            {
                return map.InterfaceMethods[i].GetCustomAttribute<TaskHandlerAttribute>();
            }
        }

        return null;
    }
}
