namespace Embedded;

/// <summary>What the sign-in page sends.</summary>
public sealed record SignInForm(string Name, string Password);

/// <summary>Someone whom the shop knows, by a number that is theirs for ever; a name may change.</summary>
public sealed record Customer(string Number, string Name, bool IsOwner = false);

/// <summary>Stands for the shop's own database, which would keep passwords hashed.</summary>
public static class Customers
{
    private static readonly Dictionary<(string Name, string Password), Customer> Known = new()
    {
        [("anna", "anna-secret")] = new("customer-1001", "Anna"),
        [("ben", "ben-secret")] = new("customer-1002", "Ben"),
        [("olga", "olga-secret")] = new("owner-1", "Olga", IsOwner: true),
    };

    public static Customer? Find(string name, string password) => Known.GetValueOrDefault((name, password));
}
