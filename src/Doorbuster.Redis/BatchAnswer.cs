using Doorbuster.Claims;

namespace Doorbuster.Redis;

/// <summary>Answers a batch by what the claim script said.</summary>
internal static class BatchAnswer
{
    /// <summary>Writes the answers, and the gate's view, into the batch.</summary>
    public static void Write(SaleBatch batch, in GateReply said)
    {
        if (said is { Ending: Ending.Answered, Code: GateCode.Stands, View: { } view, IsInDoubt: false })
        {
            batch.View = view;
            Write(batch, said.Bytes, view.Available);
            return;
        }

        batch.Answers.Fill(said.Ending switch
        {
            Ending.Answered when !said.IsInDoubt => new ClaimAnswer(Outcome.SaleUnknown),
            Ending.NotDone => ClaimAnswer.Busy,
            _ => ClaimAnswer.Unknown,
        });
    }

    /// <summary>The outcome that a letter of <c>claim.lua</c> stands for.</summary>
    public static Outcome OutcomeOf(byte letter) => letter switch
    {
        (byte)'r' => Outcome.Replayed,
        (byte)'k' => Outcome.KeyReused,
        (byte)'t' => Outcome.TokenExpired,
        (byte)'n' => Outcome.NotOpen,
        (byte)'p' => Outcome.Paused,
        (byte)'c' => Outcome.Closed,
        (byte)'b' => Outcome.Busy,
        (byte)'l' => Outcome.BuyerLimit,
        (byte)'s' => Outcome.SoldOut,
        (byte)'i' => Outcome.Insufficient,
        (byte)'a' => Outcome.Admitted,
        _ => throw new InvalidOperationException($"The gate's script has no outcome '{(char)letter}'."),
    };

    private static void Write(SaleBatch batch, byte[] outcomes, long availableAfter)
    {
        var claims = batch.Claims;
        var answers = batch.Answers;
        var available = availableAfter;
        for (var i = claims.Length - 1; i >= 0; i--)
        {
            var outcome = OutcomeOf(outcomes[i]);
            answers[i] = new ClaimAnswer(outcome, Available: available);
            available += outcome == Outcome.Admitted ? claims[i].Quantity : 0;
        }
    }
}
