using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Doorbuster.AspNetCore.Settings;
using Doorbuster.Cli.Http;

namespace Doorbuster.Cli.Commands;

/// <summary>
/// Options that know what they accept: a value that does not fit is answered with its name, what was found, and what
/// would fit.
/// </summary>
internal static class OptionKinds
{
    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Whole(string name, int min, int max, string description) => Of(
        name,
        description,
        "N",
        $"a whole number from {min} to {max}",
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max);

    /// <summary>A number of minor units of money.</summary>
    public static Option<long> MinorUnits(string name, string description) => Of(
        name,
        description,
        "MINOR-UNITS",
        "a whole number of minor units, such as 1999 for 19.99",
        (string text, out long value) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    /// <summary>A rate a second, above 0 and with a bound.</summary>
    public static Option<double?> Rate(string name, int max, string description) => Of(
        name,
        description,
        "PER-SECOND",
        $"a number above 0, at most {max}",
        (string text, out double? value) =>
        {
            var isNumber = double.TryParse(
                text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            value = number;
            return isNumber && number > 0 && number <= max;
        });

    /// <summary>A length of time with its unit, within bounds.</summary>
    public static Option<TimeSpan?> Length(string name, TimeSpan min, TimeSpan max, string description) => Of(
        name,
        description,
        "TIME",
        $"a length of time with its unit, such as 500ms, 15s, 10m or 2h, from {Durations.Spell(min)} to "
        + Durations.Spell(max),
        (string text, out TimeSpan? value) =>
        {
            var isLength = Durations.TryParse(text, out var length);
            value = length;
            return isLength && length >= min && length <= max;
        });

    /// <summary>A moment: RFC 3339, <c>now</c>, or so long from now.</summary>
    public static Option<Moment?> Moment(string name, string description) => Of(
        name,
        description,
        "WHEN",
        "a time such as 2030-01-31T18:00:00Z, 'now', or '+30s' from now",
        (string text, out Moment? value) => Commands.Moment.TryParse(text, out value));

    /// <summary>The id of a sale.</summary>
    public static Option<string> Sale(string name, string description) => Of(
        name,
        description,
        "SALE",
        $"1 to {SaleId.MaxLength} of a-z, 0-9 and '-', beginning with a letter or a digit",
        (string text, [MaybeNullWhen(false)] out string value) => SaleId.TryParse(value = text, out _));

    /// <summary>The id of a buyer.</summary>
    public static Option<string> Buyer(string name, string description) => Of(
        name,
        description,
        "ID",
        $"1 to {BuyerId.MaxBytes} bytes without control characters",
        (string text, [MaybeNullWhen(false)] out string value) => BuyerId.TryParse(value = text, out _));

    /// <summary>The code of a currency.</summary>
    public static Option<string> Currency(string name, string description) => Of(
        name,
        description,
        "CODE",
        "an ISO 4217 code such as EUR",
        (string text, [MaybeNullWhen(false)] out string value) => Money.IsCurrency(value = text));

    /// <summary>The data directory of a server, for verbs that work on it.</summary>
    public static Option<string> DataDirectory(string description) => new("--data")
    {
        Description = $"{description} (default: the settings', else {new DoorbusterOptions().DataDirectory})",
        HelpName = "DIR",
    };

    /// <summary>The address of a server.</summary>
    public static Option<Uri> Server(string name, string description) => Of(
        name,
        description,
        "URL",
        "an address such as http://127.0.0.1:8080",
        (string text, [MaybeNullWhen(false)] out Uri value) => ServerAddress.TryParse(text, out value));

    /// <summary>Addresses to listen on.</summary>
    public static Option<string> ListenUrls(string name, string description) => Of(
        name,
        description,
        "URL",
        "addresses such as http://127.0.0.1:8080 or http://*:8080, with ';' between",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return Array.TrueForAll(text.Split(';'), url => ServerAddress.TryParse(ServerAddress.Callable(url), out _));
        });

    /// <summary>What a node does, by the name of the setting's value.</summary>
    public static Option<string> Roles(string name, string description) => Of(
        name,
        description,
        "ROLES",
        "api, worker, or both with ',' between",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text switch
            {
                "api" => "api",
                "worker" => "worker",
                "api,worker" or "worker,api" => "both",
                _ => null,
            };
            return value is not null;
        });

    private delegate bool Parse<T>(string text, [MaybeNullWhen(false)] out T value);

    private static Option<T> Of<T>(
        string name, string description, string helpName, string accepted, Parse<T> parse)
    {
        return new Option<T>(name) { Description = description, HelpName = helpName, CustomParser = Read };

        T? Read(ArgumentResult result)
        {
            var found = result.Tokens[0].Value;
            if (parse(found, out var value))
            {
                return value;
            }

            result.AddError($"{name} is '{found}'. Give {accepted}.");
            return default;
        }
    }
}
