-- Claims that a gate of its own has admitted come from its log: some are rejected, some cannot be written, and the gate
-- is told what came of them.

-- The revision under which price, opening or limit changed last.
ALTER TABLE sales ADD COLUMN terms_revision bigint NOT NULL DEFAULT 0 CHECK (terms_revision >= 0);

-- A rejected order never was reserved; of one that was lost with its gate nobody knows what it asked for.
ALTER TABLE orders
    ADD COLUMN rejection smallint CHECK (rejection BETWEEN 1 AND 5),
    ALTER COLUMN reserved_at DROP NOT NULL,
    ALTER COLUMN expires_at DROP NOT NULL,
    DROP CONSTRAINT orders_status_check,
    DROP CONSTRAINT orders_quantity_check,
    ADD CONSTRAINT orders_status_check CHECK (status BETWEEN 1 AND 5),
    ADD CONSTRAINT orders_quantity_check CHECK (quantity >= 1 OR (quantity = 0 AND status = 5)),
    ADD CONSTRAINT orders_rejection CHECK (
        (status = 5) = (rejection IS NOT NULL) AND (status = 5) = (reserved_at IS NULL)
        AND (status = 5) = (expires_at IS NULL));

ALTER TABLE payments
    DROP CONSTRAINT payments_refund_reason_check,
    ADD CONSTRAINT payments_refund_reason_check CHECK (refund_reason BETWEEN 1 AND 7);

-- What sales' gates are to be told. A row goes once it is delivered. Without an order it says that the gate has
-- promised units that there were not.
CREATE TABLE outbox (
    id        bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    epoch     bigint  NOT NULL,
    order_key uuid,
    sale_no   integer NOT NULL,
    turn      integer CHECK (turn >= 0),
    buyer     text    COLLATE "C",
    CHECK ((order_key IS NULL) = (turn IS NULL) AND (order_key IS NULL) = (buyer IS NULL))
);

-- Claims that cannot be written, as they came: each is queued, and holds its units, until somebody sees to it.
CREATE TABLE dead_letters (
    sale_id     text        COLLATE "C" NOT NULL,
    key         uuid        NOT NULL,
    turn        integer     NOT NULL CHECK (turn >= 0),
    quantity    integer     NOT NULL,
    epoch       bigint      NOT NULL,
    revision    bigint      NOT NULL,
    admitted_at timestamptz NOT NULL,
    buried_at   timestamptz NOT NULL,
    entry       text        NOT NULL,
    buyer       text        COLLATE "C" NOT NULL,
    payment     text,
    reason      text        NOT NULL,
    PRIMARY KEY (sale_id, key, turn),
    CHECK ((turn = 0) = (payment IS NULL))
);
