using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.RegularExpressions;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>What is wrong with a call, and how to mend it.</summary>
internal static partial class CallRejections
{
    private const string Example = "Write it as one call of a handler, such as (FileTasks t) => t.Digest(path).";

    public static SubmitRejectedException WrongParameterCount(LambdaExpression lambda, int expected) => Unreadable(
        $"The lambda '{Text(lambda)}' has {lambda.Parameters.Count} parameters where {expected} are expected: " +
        (expected == 1 ? "the handler's class or interface." : "the handler's class or interface, and the item."));

    public static SubmitRejectedException NotACall(LambdaExpression lambda) => Unreadable(
        $"The lambda '{Text(lambda)}' is not the call of a method. {Example}");

    public static SubmitRejectedException NotOfHandler(LambdaExpression lambda, MethodCallExpression call) => Unreadable(
        $"The lambda '{Text(lambda)}' ends in a call of {TypeName(call.Method.DeclaringType)}.{call.Method.Name}, " +
        $"which is not a method of the lambda's first parameter, {TypeName(lambda.Parameters[0].Type)}. {Example}");

    public static SubmitRejectedException ResultConverted(LambdaExpression lambda, MethodCallExpression call) => Unreadable(
        $"The lambda '{Text(lambda)}' returns {TypeName(lambda.ReturnType)}, but the handler returns {TypeName(call.Type)}. " +
        "Leave the type arguments of the submit to the compiler.");

    public static SubmitRejectedException NoAttribute(Type handlerType, MethodInfo method) => Unreadable(
        $"{TypeName(handlerType)}.{method.Name} is not a task handler. Mark the method of the class or of its interface with " +
        $"[TaskHandler(\"a.name\")]; where clients have the interface only, mark the interface's method.");

    public static SubmitRejectedException GenericHandler(Type handlerType, MethodInfo method) => Unreadable(
        $"{TypeName(handlerType)}.{method.Name} is a generic method, which cannot be a task handler. Give each type a method of its own.");

    public static SubmitRejectedException UnsendableParameter(Type handlerType, MethodInfo method, ParameterInfo parameter) => Unreadable(
        $"The parameter '{parameter.Name}' of {TypeName(handlerType)}.{method.Name} is {TypeName(parameter.ParameterType)}, " +
        "which cannot be sent to another process. Take an array or a list, and return what the caller needs.");

    public static SubmitRejectedException UsesHandler(CallPlan plan, HandlerParameter parameter, Expression expression) => Unreadable(
        $"The argument '{parameter.Name}' of {plan.Words} uses the handler itself: '{Text(expression)}'. " +
        "The handler exists only on the node. Submit the inner call as a task of its own and pass its reference as ref.Result.");

    public static SubmitRejectedException FilledIn(CallPlan plan, HandlerParameter parameter, Expression expression) => Unreadable(
        $"The argument '{parameter.Name}' of {plan.Words} is '{Text(expression)}', but the node fills in every {parameter.Type.Name}. " +
        (parameter.Type == typeof(CancellationToken)
            ? "Write default, and cancel the task by client.CancelAsync."
            : "Write null!."));

    public static SubmitRejectedException ComputesWithResult(CallPlan plan, HandlerParameter parameter, Expression expression) => Unreadable(
        $"The argument '{parameter.Name}' of {plan.Words} computes with the result of a task: '{Text(expression)}'. " +
        "The result does not exist yet. Pass it alone, as ref.Result or refs.Results(), and compute inside the handler or in a task between.");

    public static SubmitRejectedException NoReferences(CallPlan plan, HandlerParameter parameter) => Unreadable(
        $"The argument '{parameter.Name}' of {plan.Words} takes the results of references that are null. Pass an empty list for no results.");

    public static SubmitRejectedException EmptyReference(CallPlan plan, HandlerParameter parameter) => Unreadable(
        $"The argument '{parameter.Name}' of {plan.Words} takes the result of an empty reference. Pass one that a submit has returned.");

    public static SubmitRejectedException ResultOfOtherType(CallPlan plan, HandlerParameter parameter, Type result) => Rejected(
        SubmitRejection.InvalidArguments,
        $"The argument '{parameter.Name}' of {plan.Words} takes a {TypeName(parameter.Type)}, but the referenced task gives a {TypeName(result)}. " +
        $"A result is passed on as it was made: declare the parameter as {TypeName(result)}, or convert in a task between.");

    public static SubmitRejectedException ResultsOfOtherType(CallPlan plan, HandlerParameter parameter, Type results) => Rejected(
        SubmitRejection.InvalidArguments,
        $"The argument '{parameter.Name}' of {plan.Words} takes a {TypeName(parameter.Type)}, but the referenced tasks give {TypeName(results)}. " +
        $"Declare the parameter as {TypeName(results)} or as IReadOnlyList<{TypeName(results.GetElementType()!)}>, or convert in tasks between.");

    public static SubmitRejectedException NotSerializable(CallPlan plan, HandlerParameter parameter, Type type) => Rejected(
        SubmitRejection.NotSerializable,
        $"The argument '{parameter.Name}' of {plan.Words} is a {TypeName(type)}, which cannot be serialized. {SerializerRemedy}");

    public static SubmitRejectedException NotSerialized(CallPlan plan, HandlerParameter parameter, Type type, Exception exception) => Rejected(
        SubmitRejection.NotSerializable,
        $"The argument '{parameter.Name}' of {plan.Words}, a {TypeName(type)}, was not serialized: {exception.Message} {SerializerRemedy}",
        exception);

    public static SubmitRejectedException TooLarge(CallPlan plan, IReadOnlyList<TaskArgument> arguments, int size, int limit)
    {
        var largest = Enumerable.Range(0, arguments.Count).MaxBy(i => ArgumentReader.Size(arguments[i]));
        var parameter = plan.Parameters.Where(parameter => !parameter.IsFilledIn).ElementAt(largest);
        return Rejected(
            SubmitRejection.TooLarge,
            $"The arguments of {plan.Words} are {Number(size)} bytes, more than the {Number(limit)} allowed; " +
            $"the largest is '{parameter.Name}' with {Number(ArgumentReader.Size(arguments[largest]))}. " +
            "Pass where the data lies instead of the data, split the work, or raise FaultToleranceClientOptions.MaxPayload here and TaskLimits.MaxArguments on the silos.");
    }

    public static SubmitRejectedException TooManyReferences(CallPlan plan, HandlerParameter parameter, int limit) => Rejected(
        SubmitRejection.TooLarge,
        $"The argument '{parameter.Name}' of {plan.Words} takes the results of more than {Number(limit)} tasks. " +
        "Combine them in a tree of tasks, or raise FaultToleranceClientOptions.MaxFanIn here and TaskLimits.MaxFanIn on the silos.");

    private const string SerializerRemedy = "Mark the type with [GenerateSerializer] and its members with [Id(n)], or pass a type that is.";

    private static SubmitRejectedException Unreadable(string message) => Rejected(SubmitRejection.UnreadableCall, message);

    private static SubmitRejectedException Rejected(SubmitRejection reason, string message, Exception? inner = null) => new(reason, message, inner);

    private static string TypeName(Type? type) =>
        type is null || type.IsByRef || type.IsPointer || type.ContainsGenericParameters ? $"{type}" : ParameterTypeName.Of(type);

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    // The object that holds captured variables has a name that no user knows.
    private static string Text(Expression expression) => Closure().Replace(expression.ToString(), "");

    [GeneratedRegex(@"value\([^()]*\)\.?")]
    private static partial Regex Closure();
}
