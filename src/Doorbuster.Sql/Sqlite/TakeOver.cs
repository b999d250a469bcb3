namespace Doorbuster.Sql.Sqlite;

/// <summary>How a process becomes the owner of the store; its caller has the writer's turn.</summary>
internal static class TakeOver
{
    /// <summary>
    /// In one transaction raises every sale's epoch and the owner's number, and reads all that stands: what an earlier
    /// owner decided can no longer be committed, and what it did commit is read (F18).
    /// </summary>
    /// <exception cref="SqliteException">The store cannot be written or read now; nothing has changed.</exception>
    /// <exception cref="InvalidDataException">Two orders have one id, or an order has no sale.</exception>
    public static GateLoader Run(Connection connection, Fence fence)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE; UPDATE stock SET epoch = epoch + 1");
            fence.TakeOver();
            var loaded = GateLoader.Load(connection);
            connection.Execute("COMMIT");
            return loaded;
        }
        finally
        {
            connection.RollbackIfOpen();
        }
    }
}
