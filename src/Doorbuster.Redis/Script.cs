using System.Security.Cryptography;
using System.Text;

namespace Doorbuster.Redis;

/// <summary>A script of the gate, and the name under which Redis keeps it.</summary>
internal sealed class Script
{
    public static readonly Script Acknowledge = Alone("acknowledge");
    public static readonly Script Apply = Standing("apply");
    public static readonly Script Begin = Alone("begin");
    public static readonly Script Claim = OfOne("claim");
    public static readonly Script ClaimInTurn = InTurn("claim");
    public static readonly Script Fence = Alone("fence");
    public static readonly Script Look = OfOne("look");
    public static readonly Script LookInTurn = InTurn("look");
    public static readonly Script Open = Alone("open");
    public static readonly Script OrdersOf = Standing("orders_of");
    public static readonly Script Release = Standing("release");
    public static readonly Script Remove = Standing("remove");

    private Script(string text)
    {
        Text = text;
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is kept safe by it.
        Sha = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    public string Text { get; }

    public byte[] Sha { get; }

    private static Script Alone(string name) => new(Read(name));

    /// <summary>A script that first looks whether the gate stands.</summary>
    private static Script Standing(string name) => new($"{Read("standing")}\n{Read(name)}");

    /// <summary>One that can be asked of many sales, asked of one.</summary>
    private static Script OfOne(string name) => new($"{Read("standing")}\n{Read(name)}\nreturn ask()\n");

    /// <summary>The same asked of many sales, one after another in one step.</summary>
    private static Script InTurn(string name) =>
        new($"local KEYS, ARGV = KEYS, ARGV\n{Read("standing")}\n{Read(name)}\n{Read("in_turn")}");

    private static string Read(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream($"Doorbuster.Redis.Scripts.{name}.lua")
            ?? throw new InvalidOperationException($"The script '{name}' is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
