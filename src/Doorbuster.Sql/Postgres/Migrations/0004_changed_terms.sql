-- Nodes that share a gate tell it of terms that an operator has changed: such a row names no order, and the revision
-- that the terms had then.
ALTER TABLE outbox ADD COLUMN revision bigint CHECK (revision IS NULL OR order_key IS NULL);
