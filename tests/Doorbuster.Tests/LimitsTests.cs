using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Xunit;

namespace Doorbuster.Tests;

public sealed class LimitsTests
{
    public static TheoryData<string> Names =>
        [.. typeof(Limits).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(limit => limit.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_limit_has_a_range_and_its_default_lies_in_it(string name)
    {
        var range = Range(name);

        Assert.NotNull(range);
        Assert.True(range.IsValid(typeof(Limits).GetProperty(name)!.GetValue(new Limits())));
        Assert.True((int)range.Minimum >= 1, "A limit of nothing is no limit.");
        Assert.True((int)range.Minimum < (int)range.Maximum);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_out_of_range_is_found_with_its_name_and_range(string name)
    {
        var range = Range(name)!;

        foreach (var value in (int[])[(int)range.Minimum - 1, (int)range.Maximum + 1, 0, -1])
        {
            var limits = new Limits();
            typeof(Limits).GetProperty(name)!.SetValue(limits, value);
            var found = new List<ValidationResult>();

            Assert.False(Validator.TryValidateObject(limits, new ValidationContext(limits), found, true));
            var message = Assert.Single(found).ErrorMessage;
            Assert.Contains(name, message, StringComparison.Ordinal);
            Assert.Contains($"{range.Minimum}", message, StringComparison.Ordinal);
            Assert.Contains($"{range.Maximum}", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_defaults_agree_with_each_other()
    {
        var limits = new Limits();

        Assert.True(limits.BatchSize <= limits.LaneCapacity);
        Assert.True(limits.OrderBatchSize <= limits.OrderQueueCapacity);
        Assert.True(limits.MaxWatchersPerSale <= limits.MaxWatchers);
    }

    private static RangeAttribute? Range(string name) =>
        typeof(Limits).GetProperty(name)!.GetCustomAttribute<RangeAttribute>();
}
