namespace Doorbuster.Sql.Sqlite;

/// <summary>Writes new sales; its caller has the writer's turn.</summary>
internal sealed class SaleWriter(Connection connection, Fence fence)
{
    /// <summary>
    /// Writes a sale with all its units available, under epoch 1, in a transaction of its own. The caller knows that
    /// there is none of its id.
    /// </summary>
    /// <returns>The number by which rows name it.</returns>
    /// <exception cref="SqliteException">It was not written.</exception>
    /// <exception cref="StoreUnavailableException">Another process owns the store.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been written or not.</exception>
    public long Create(Sale sale)
    {
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            fence.MustPass();
            var no = connection.ReadInt64("SELECT coalesce(max(no), 0) + 1 FROM sales");
            using var insert = connection.Prepare(SaleRows.Insert);
            SaleRows.Write(insert, no, sale);
            using var insertStock = connection.Prepare(SaleRows.InsertStock);
            insertStock.Bind(1, no).Bind(2, sale.Quantity).Run();
            Commit();
            return no;
        }
        finally
        {
            connection.RollbackIfOpen();
        }
    }

    /// <summary>Commits, or makes sure that nothing of it can come back.</summary>
    private void Commit()
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
                throw new OutcomeUnknownException("The sale may have been created or not.", fault);
            }

            throw;
        }
    }
}
