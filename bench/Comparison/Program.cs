using Doorbuster.Comparison;

if (ComparisonPlan.TryParse(args) is not { } plan)
{
    await Console.Error.WriteLineAsync(ComparisonPlan.Usage);
    return 2;
}

return await Contest.RunAsync(plan);
