using System.Linq.Expressions;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>Reads the lambda of a submit: one call of one handler.</summary>
/// <remarks>
/// A lambda is read anew each time, for the expression tree is made anew each time; what its method needs is kept in a plan.
/// An argument is an expression without results, or <c>ref.Result</c>, or <c>refs.Results()</c>. Everything else that takes a
/// result would have to wait for it here, and is rejected with the remedy.
/// </remarks>
internal sealed class CallReader(CallPlans plans, int maxPayload, int maxFanIn)
{
    /// <exception cref="SubmitRejectedException">The lambda cannot be read, or an argument cannot be sent.</exception>
    public ReadCall Read(LambdaExpression lambda)
    {
        var call = LambdaShape.CallOf(lambda, parameters: 1);
        var plan = plans.Of(LambdaShape.HandlerType(call), call.Method);
        var arguments = new TaskArgument[plan.SentCount];
        var count = 0;
        foreach (var parameter in plan.Parameters)
        {
            var expression = call.Arguments[parameter.Position];
            CheckUse(plan, parameter, expression, lambda);
            if (!parameter.IsFilledIn)
            {
                arguments[count++] = ArgumentReader.Read(plan, parameter, expression, maxFanIn);
            }
        }

        return new ReadCall(plan, arguments, CheckedSize(plan, arguments));
    }

    /// <summary>Reads a lambda over items once; the items are then read one by one.</summary>
    /// <exception cref="SubmitRejectedException">The lambda cannot be read, or an argument cannot be sent.</exception>
    public ManyCalls ReadMany(LambdaExpression lambda, int? itemCount)
    {
        var call = LambdaShape.CallOf(lambda, parameters: 2);
        var plan = plans.Of(LambdaShape.HandlerType(call), call.Method);
        foreach (var parameter in plan.Parameters)
        {
            CheckUse(plan, parameter, call.Arguments[parameter.Position], lambda);
        }

        return ManyCalls.Create(this, plan, call, lambda.Parameters[1], itemCount, maxFanIn);
    }

    /// <exception cref="SubmitRejectedException">The arguments are larger than a call may be.</exception>
    public int CheckedSize(CallPlan plan, TaskArgument[] arguments)
    {
        var size = 0L;
        foreach (var argument in arguments)
        {
            size += ArgumentReader.Size(argument);
        }

        return size <= maxPayload ? (int)size : throw CallRejections.TooLarge(plan, arguments, (int)Math.Min(size, int.MaxValue), maxPayload);
    }

    private static void CheckUse(CallPlan plan, HandlerParameter parameter, Expression expression, LambdaExpression lambda)
    {
        if (ParameterUse.In(expression, lambda.Parameters[0]))
        {
            throw CallRejections.UsesHandler(plan, parameter, expression);
        }

        if (parameter.IsFilledIn && !IsPlaceholder(expression))
        {
            throw CallRejections.FilledIn(plan, parameter, expression);
        }
    }

    private static bool IsPlaceholder(Expression expression) => RefPatterns.WithoutConversions(expression) switch
    {
        ConstantExpression { Value: null or CancellationToken { CanBeCanceled: false } } or DefaultExpression => true,
        NewExpression { Arguments.Count: 0 } => true,
        MemberExpression { Expression: null, Member.Name: nameof(CancellationToken.None) } => true,
        _ => false,
    };
}
