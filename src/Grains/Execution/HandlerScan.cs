using System.Linq.Expressions;
using System.Reflection;
using System.Text.RegularExpressions;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace FaultTolerance.Grains.Execution;

/// <summary>Finds the handlers in classes, and collects everything that is wrong with them, to be said at once.</summary>
internal sealed partial class HandlerScan(Serializer serializer, ICodecProvider codecs)
{
    private readonly Dictionary<string, (HandlerDescriptor Handler, MethodInfo Method)> _found = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];

    public void Add(Type type)
    {
        foreach (var (method, attribute) in Marked(type))
        {
            var where = $"{type.FullName}.{method.Name}";
            var errors = Check(method, attribute).Select(error => $"{where}: {error}").ToList();
            _errors.AddRange(errors);
            if (errors.Count > 0)
            {
                continue;
            }

            var handler = Describe(type, method, attribute);
            if (!_found.TryAdd(handler.Key, (handler, method)) && _found[handler.Key].Method != method)
            {
                var other = _found[handler.Key].Method;
                _errors.Add($"{where}: the handler {handler.Key} is already {other.DeclaringType?.FullName}.{other.Name}. Give one of them another name or version.");
            }
        }
    }

    /// <summary>Returns the handlers found.</summary>
    /// <exception cref="FaultToleranceException">Something is wrong with at least one; the message lists all.</exception>
    public IEnumerable<HandlerDescriptor> Complete() => _errors.Count == 0
        ? _found.Values.Select(found => found.Handler)
        : throw new FaultToleranceException($"The task handlers cannot be registered:{string.Concat(_errors.Select(error => $"\n  - {error}"))}");

    private static IEnumerable<(MethodInfo Method, TaskHandlerAttribute Attribute)> Marked(Type type)
    {
        var own = type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => (method, method.GetCustomAttribute<TaskHandlerAttribute>()));
        var inherited = type.GetInterfaces().SelectMany(type => type.GetMethods())
            .Select(method => (method, method.GetCustomAttribute<TaskHandlerAttribute>()));
        return own.Concat(inherited).Where(pair => pair.Item2 is not null).Select(pair => (pair.method, pair.Item2!));
    }

    private IEnumerable<string> Check(MethodInfo method, TaskHandlerAttribute attribute)
    {
        if (!NamePattern().IsMatch(attribute.Name))
        {
            yield return $"the name '{attribute.Name}' must be 1 to 200 characters out of letters, digits, dot, hyphen and underscore.";
        }

        if (attribute.Version < 1)
        {
            yield return $"the version {attribute.Version} must be 1 at least.";
        }

        if (!method.IsPublic || method.IsStatic || method.IsGenericMethodDefinition)
        {
            yield return "a handler must be a public instance method without type parameters.";
        }

        if (attribute.RetryOn is null || attribute.RetryOn.Any(type => !typeof(Exception).IsAssignableFrom(type)))
        {
            yield return "RetryOn must list exception types only.";
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                yield return $"the parameter '{parameter.Name}' is passed by reference; a handler's arguments are values.";
            }
            else if (!IsFilledByNode(parameter.ParameterType) && !IsSerializable(parameter.ParameterType))
            {
                yield return $"the parameter '{parameter.Name}' is of type {parameter.ParameterType}, which cannot be serialized. Mark the type with [GenerateSerializer] and its members with [Id].";
            }
        }

        if (method.ReturnType.IsByRef)
        {
            yield return "the result is returned by reference; a handler's result is a value.";
            yield break;
        }

        foreach (var type in HandlerResult.ElementTypes(method.ReturnType).Where(type => !IsSerializable(type)))
        {
            yield return $"the result is of type {type}, which cannot be serialized. Mark the type with [GenerateSerializer] and its members with [Id].";
        }
    }

    private bool IsSerializable(Type type) =>
        !type.IsByRefLike && !type.IsPointer && !type.ContainsGenericParameters && codecs.TryGetCodec(type) is not null;

    private HandlerDescriptor Describe(Type type, MethodInfo method, TaskHandlerAttribute attribute) => new()
    {
        Name = attribute.Name,
        Version = attribute.Version,
        HandlerType = type,
        Parameters = [.. method.GetParameters().Select(Describe)],
        RetryOn = [.. attribute.RetryOn.Select(exception => exception.FullName!)],
        Call = Compile(method),
        Result = HandlerResult.For(method.ReturnType, serializer),
    };

    private HandlerParameter Describe(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var described = new HandlerParameter(parameter.Name ?? "", type);
        if (IsFilledByNode(type))
        {
            return described;
        }

        var element = type.IsArray ? type.GetElementType() : type.IsGenericType ? type.GetGenericArguments()[0] : null;
        var takesArray = element is not null && type.IsAssignableFrom(element.MakeArrayType());
        return described with
        {
            Codec = PayloadCodec.For(type, serializer),
            ElementCodec = takesArray ? PayloadCodec.For(element!, serializer) : null,
        };
    }

    private static bool IsFilledByNode(Type type) => type == typeof(CancellationToken) || type == typeof(TaskContext);

    private static Func<object, object?[], object?> Compile(MethodInfo method)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var call = Expression.Call(
            Expression.Convert(target, method.DeclaringType!),
            method,
            method.GetParameters().Select((parameter, i) =>
                Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType)));
        Expression body = method.ReturnType == typeof(void)
            ? Expression.Block(call, Expression.Constant(null))
            : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object, object?[], object?>>(body, target, arguments).Compile();
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,200}$")]
    private static partial Regex NamePattern();
}
