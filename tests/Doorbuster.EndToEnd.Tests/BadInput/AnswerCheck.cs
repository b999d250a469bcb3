using System.Collections.Concurrent;
using Doorbuster.EndToEnd.Tests.Contract;
using Doorbuster.EndToEnd.Tests.Infrastructure;

namespace Doorbuster.EndToEnd.Tests.BadInput;

/// <summary>Holds an answer against what its request deserves, and against the contract.</summary>
internal sealed class AnswerCheck
{
    private readonly ConcurrentDictionary<string, string?> _known = [];

    /// <summary>What is wrong with an answer; null where nothing is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="isFirst">
    /// Whether it is the request's own; what is no HTTP may look like several requests, and be answered as often.
    /// </param>
    public string? Fault(WrongRequest request, Answer answer, bool isFirst)
    {
        if (!(isFirst ? IsAllowed(request, answer) : answer.Status < 500))
        {
            return $"It may not be answered so. {answer}";
        }

        // Thousands of answers are the same; each is compared with the contract once.
        var call = request.Draft.ToCall();
        var headers = answer.Headers.Where(header => header.Key != "Date").Select(header => $"{header}");
        var template = TemplateOf(request.Draft);
        var key = $"{request.Draft.Method} {template} {answer.Status} {string.Join('\n', headers)} {answer.Body}";
        return _known.GetOrAdd(key, _ => OfContract(request.Draft, IsDescribed(request.Draft, template), call, answer));
    }

    /// <summary>An answer's status and, where it is one, its problem.</summary>
    public static string Summary(Answer answer) =>
        $"{answer.Status} {(answer.Body.Length == 0 ? "" : answer.Problem)}".TrimEnd();

    private static bool IsAllowed(WrongRequest request, Answer answer) =>
        request.Allows(answer.Status) || Summary(answer) is "503 busy";

    /// <summary>The path of the contract that it is to; null for what never was HTTP, or is to nothing.</summary>
    private static string? TemplateOf(Draft draft) =>
        !draft.IsHttp || !draft.Path.StartsWith('/') || draft.Method == "OPTIONS" || HasDots(draft.Path)
            ? null
            : ApiDocument.CheckedIn.FindTemplate(draft.Path);

    /// <summary>Whether the document says how it is answered; of unknown methods it says nothing.</summary>
    private static bool IsDescribed(Draft draft, string? template) => template is not null
        && (draft.Method == "HEAD" || ApiDocument.CheckedIn.Calls.Contains($"{draft.Method} {template}"));

    /// <summary>Whether a server finds another address in it than the one that is spelled (RFC 3986, 5.2.4).</summary>
    private static bool HasDots(string path) => path.Replace("%2e", ".").Split('/').Any(one => one is "." or "..");

    private static string? OfContract(Draft draft, bool isCall, Call call, Answer answer)
    {
        if (answer.Status >= 400 && draft.Method != "HEAD" && answer.Status != 505 && OfProblem(answer) is { } fault)
        {
            return $"{fault} {answer}";
        }

        var wrong = isCall ? ContractCheck.Violations(ApiDocument.CheckedIn, call, draft.Path, answer).ToList() : [];
        return wrong.Count == 0 ? null : $"{ApiDocument.Path} says otherwise: {string.Join("; ", wrong)}. {answer}";
    }

    private static string? OfProblem(Answer answer)
    {
        if (answer.Problem is null)
        {
            return "It is no problem.";
        }

        var type = answer.Text("type");
        if (!ApiDocument.CheckedIn.ProblemSchemas.TryGetValue(type, out var schema))
        {
            return $"Nobody knows the problem {type}.";
        }

        var wrong = ApiDocument.CheckedIn.Schemas.Violations(schema, answer.Json);
        return answer.Number("status") != answer.Status ? "The body says another status."
            : answer.Status == 405 && answer.Header("Allow") is null ? "A 405 needs Allow."
            : wrong.Count > 0 ? string.Join("; ", wrong)
            : null;
    }
}
