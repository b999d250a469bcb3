using System.Security.Claims;
using Doorbuster.AspNetCore;
using Doorbuster.AspNetCore.Identity;
using Embedded;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();

// Whoever the shop has signed in is the buyer; its owner runs the sales.
builder.Services.AddDoorbuster(HostIdentity.OfUser(operatorRole: "owner"));

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();

// The flash sale, everything of it below one path. The rest of this file is the shop's own.
app.MapDoorbuster("/flash");

app.MapPost("/sign-in", async (SignInForm form, HttpContext context) =>
{
    if (Customers.Find(form.Name, form.Password) is not { } customer)
    {
        return Results.Unauthorized();
    }

    Claim[] claims =
    [
        new(ClaimTypes.NameIdentifier, customer.Number),
        new(ClaimTypes.Name, customer.Name),
        .. customer.IsOwner ? new[] { new Claim(ClaimTypes.Role, "owner") } : [],
    ];
    var user = new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    await context.SignInAsync(user);
    return Results.NoContent();
});
app.MapPost("/sign-out", (HttpContext context) => context.SignOutAsync());
app.MapGet("/who", (ClaimsPrincipal user) => user.Identity?.Name is { } name ? Results.Ok(name) : Results.NoContent());

await app.RunAsync();
