using System.Collections;
using System.Linq.Expressions;
using FaultTolerance.Gateways;

namespace FaultTolerance.Calls;

/// <summary>Turns what a lambda passes to a handler into arguments.</summary>
internal static class ArgumentReader
{
    /// <summary>The size at which one result counts towards the payload: an id and an index.</summary>
    public const int SourceSize = 20;

    public static TaskArgument Read(CallPlan plan, HandlerParameter parameter, Expression expression, int maxFanIn)
    {
        if (RefPatterns.IsResult(expression, out var reference))
        {
            CheckResult(plan, parameter, expression, reference);
            return OfResult(plan, parameter, (IObjectRef)ExpressionValues.Evaluate(reference)!);
        }

        if (RefPatterns.IsResults(expression, out var references))
        {
            CheckResults(plan, parameter, expression, references);
            return OfResults(plan, parameter, (IEnumerable?)ExpressionValues.Evaluate(references), maxFanIn);
        }

        CheckValue(plan, parameter, expression);
        return OfValue(plan, parameter, ExpressionValues.Evaluate(expression));
    }

    public static void CheckResult(CallPlan plan, HandlerParameter parameter, Expression expression, Expression reference)
    {
        CheckPlain(plan, parameter, expression, reference);
        if (expression.Type != parameter.Type)
        {
            throw CallRejections.ResultOfOtherType(plan, parameter, expression.Type);
        }
    }

    public static void CheckResults(CallPlan plan, HandlerParameter parameter, Expression expression, Expression references)
    {
        CheckPlain(plan, parameter, expression, references);
        if (expression.Type.GetElementType() != parameter.Element)
        {
            throw CallRejections.ResultsOfOtherType(plan, parameter, expression.Type);
        }
    }

    public static void CheckValue(CallPlan plan, HandlerParameter parameter, Expression expression)
    {
        if (RefPatterns.Contains(expression))
        {
            throw RefPatterns.IsResult(RefPatterns.WithoutConversions(expression), out _)
                ? CallRejections.ResultOfOtherType(plan, parameter, RefPatterns.WithoutConversions(expression).Type)
                : CallRejections.ComputesWithResult(plan, parameter, expression);
        }

        if (parameter.Writer is null)
        {
            throw CallRejections.NotSerializable(plan, parameter, parameter.Type);
        }
    }

    public static TaskArgument OfValue(CallPlan plan, HandlerParameter parameter, object? value)
    {
        try
        {
            return new TaskArgument { Value = parameter.Writer!.Write(value) };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw CallRejections.NotSerialized(plan, parameter, value?.GetType() ?? parameter.Type, exception);
        }
    }

    public static TaskArgument OfResult(CallPlan plan, HandlerParameter parameter, IObjectRef reference) =>
        new() { Kind = ArgumentKind.Result, Sources = new[] { Source(plan, parameter, reference) } };

    public static TaskArgument OfResults(CallPlan plan, HandlerParameter parameter, IEnumerable? references, int maxFanIn)
    {
        var sources = new List<ResultSource>();
        foreach (IObjectRef reference in references ?? throw CallRejections.NoReferences(plan, parameter))
        {
            sources.Add(Source(plan, parameter, reference));
            if (sources.Count > maxFanIn)
            {
                throw CallRejections.TooManyReferences(plan, parameter, maxFanIn);
            }
        }

        return new TaskArgument { Kind = ArgumentKind.Results, Sources = sources };
    }

    public static int Size(TaskArgument argument) => argument.Value.Length + (SourceSize * argument.Sources.Count);

    private static ResultSource Source(CallPlan plan, HandlerParameter parameter, IObjectRef reference) => reference.TaskId == default
        ? throw CallRejections.EmptyReference(plan, parameter)
        : new ResultSource(reference.TaskId, reference.Index);

    private static void CheckPlain(CallPlan plan, HandlerParameter parameter, Expression expression, Expression source)
    {
        if (RefPatterns.Contains(source))
        {
            throw CallRejections.ComputesWithResult(plan, parameter, expression);
        }
    }
}
