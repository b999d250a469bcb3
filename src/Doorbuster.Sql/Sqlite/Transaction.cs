namespace Doorbuster.Sql.Sqlite;

/// <summary>One transaction behind the fence, whose end is known or said not to be.</summary>
internal static class Transaction
{
    /// <summary>Runs work in a transaction and commits it. The caller has the writer's turn.</summary>
    /// <exception cref="SqliteException">Nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written or not.</exception>
    public static void Run(Connection connection, Fence fence, Action work)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            fence.MustPass();
            work();
            Commit(connection, fence);
        }
        finally
        {
            connection.RollbackIfOpen();
        }
    }

    /// <summary>Commits, or makes sure that nothing of it can come back.</summary>
    private static void Commit(Connection connection, Fence fence)
    {
        try
        {
            connection.Execute("COMMIT");
        }
        catch (SqliteException fault) when (!fault.CommitSurelyFailed)
        {
            connection.RollbackIfOpen();
            try
            {
                fence.Prove();
            }
            catch (SqliteException)
            {
                throw new OutcomeUnknownException("What was to be written may stand or not.", fault);
            }

            throw;
        }
    }
}
