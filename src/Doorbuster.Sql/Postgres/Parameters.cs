using System.Buffers.Binary;
using Npgsql;
using NpgsqlTypes;

namespace Doorbuster.Sql.Postgres;

/// <summary>Statements with their parameters, which are lists mostly: one statement writes a whole batch.</summary>
internal static class Parameters
{
    /// <summary>Adds a statement to those that go to the server together.</summary>
    /// <param name="batch">Those.</param>
    /// <param name="sql">The statement, whose parameters are <c>$1</c> and so on.</param>
    /// <param name="values">The parameters in order, null where a single value is absent.</param>
    public static NpgsqlBatchCommand Add(
        this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value);
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlParameter Of(long value) => Typed(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(int value) => Typed(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(short value) => Typed(value, NpgsqlDbType.Smallint);

    public static NpgsqlParameter Of(bool value) => Typed(value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Of(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Of(byte[] value) => Typed(value, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(DateTimeOffset? value) =>
        new() { Value = value?.UtcDateTime ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Of(long[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(long?[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(int[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(int?[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Of(short[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameter Of(short?[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameter Of(Guid[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlParameter Of(Guid?[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlParameter Of(string?[] values) => Typed(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Of(DateTime[] values) =>
        Typed(values, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Of(DateTime?[] values) =>
        Typed(values, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    /// <summary>The key of an order as a column has it: the same 16 bytes in the same order.</summary>
    public static Guid ToGuid(OrderKey key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, key.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], key.Low);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The key that a column has.</summary>
    public static OrderKey ToKey(Guid column)
    {
        Span<byte> bytes = stackalloc byte[16];
        column.TryWriteBytes(bytes, bigEndian: true, out _);
        return new OrderKey(
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Times are kept in whole milliseconds, so that what is told and what is stored are the same.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));

    private static NpgsqlParameter<T> Typed<T>(T value, NpgsqlDbType type) =>
        new() { TypedValue = value, NpgsqlDbType = type };
}
