using System.Linq.Expressions;

namespace FaultTolerance.Calls;

/// <summary>Takes the one call of a handler out of a lambda.</summary>
internal static class LambdaShape
{
    /// <exception cref="SubmitRejectedException">The lambda is not one call of a method of its first parameter.</exception>
    public static MethodCallExpression CallOf(LambdaExpression lambda, int parameters)
    {
        if (lambda.Parameters.Count != parameters)
        {
            throw CallRejections.WrongParameterCount(lambda, parameters);
        }

        var body = lambda.Body is UnaryExpression { NodeType: ExpressionType.Convert, Method: null } conversion ? conversion.Operand : lambda.Body;
        if (body is not MethodCallExpression call)
        {
            throw CallRejections.NotACall(lambda);
        }

        if (call.Object is null || RefPatterns.WithoutConversions(call.Object) != lambda.Parameters[0])
        {
            throw CallRejections.NotOfHandler(lambda, call);
        }

        // What the reference gives must be what the handler returns, or its result could not be read back.
        if (lambda.ReturnType != call.Type && lambda.ReturnType != typeof(void) && lambda.ReturnType != typeof(Task))
        {
            throw CallRejections.ResultConverted(lambda, call);
        }

        return call;
    }

    public static Type HandlerType(MethodCallExpression call) => call.Object!.Type;
}
