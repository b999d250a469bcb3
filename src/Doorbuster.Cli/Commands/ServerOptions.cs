using System.CommandLine;
using Doorbuster.AspNetCore.Identity;
using Doorbuster.Cli.Http;
using Doorbuster.Cli.Identity;

namespace Doorbuster.Cli.Commands;

/// <summary>
/// The options of every verb that calls a server: where it is, and who calls. <c>DOORBUSTER_SERVER</c> and
/// <c>DOORBUSTER_TOKEN</c> stand in for options that are absent.
/// </summary>
internal sealed class ServerOptions
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    private readonly Option<Uri> _server = OptionKinds.Server(
        "--server", $"The server's address (DOORBUSTER_SERVER stands in; default {DefaultServer})");

    private readonly Option<string> _token = new("--token")
    {
        Description = "Who calls, a JWT (DOORBUSTER_TOKEN stands in)",
        HelpName = "JWT",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "The server's data directory: its signing key is used in place of a token",
        HelpName = "DIR",
    };

    /// <summary>Gives a verb these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_token);
        command.Options.Add(_data);
    }

    /// <summary>What they say.</summary>
    /// <exception cref="CommandException">They contradict each other, or a variable holds what no option accepts.
    /// </exception>
    public ServerAccess Read(ParseResult parsed)
    {
        if (parsed.GetValue(_token) is not null && parsed.GetValue(_data) is not null)
        {
            throw CommandException.Usage("--token and --data both say who calls. Give one of them.");
        }

        var signer = parsed.GetValue(_data) is { } directory ? Signer.Find(directory) : null;
        return new ServerAccess(ReadServer(parsed), signer is null ? ReadToken(parsed) : null, signer);
    }

    private Uri ReadServer(ParseResult parsed)
    {
        if (parsed.GetValue(_server) is { } given)
        {
            return given;
        }

        var text = Variable("DOORBUSTER_SERVER") ?? DefaultServer;
        return ServerAddress.TryParse(text, out var address)
            ? address
            : throw CommandException.Usage(
                $"DOORBUSTER_SERVER is '{text}'. Set it to an address such as {DefaultServer}, or give --server.");
    }

    private string? ReadToken(ParseResult parsed)
    {
        var token = parsed.GetValue(_token) ?? Variable("DOORBUSTER_TOKEN");
        return token is null || (token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            ? token
            : throw CommandException.Usage(
                "The token holds characters that no JWT has. Give what 'doorbuster token' printed, and nothing else.");
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>Where a verb's server is, and what it may say about who calls.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Token">A JWT that was given.</param>
/// <param name="Signer">Signs tokens with the server's key, where its data directory was given.</param>
internal sealed record ServerAccess(Uri Server, string? Token, TokenMinter? Signer)
{
    /// <summary>The token for a call that only an operator may make.</summary>
    /// <exception cref="CommandException">None was given.</exception>
    public string OperatorToken() => Token ?? Signer?.ForOperator() ?? throw CommandException.Usage(
        "This call is an operator's, and nothing says who calls. Give --data DIR (the server's data directory), or "
        + "--token JWT (from 'doorbuster token --operator'), or set DOORBUSTER_TOKEN.");
}
