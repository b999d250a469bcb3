-- Gates that nodes share are opened anew under a higher epoch, one sale at a time.

-- Why a sale's gate was opened anew: a row for each epoch that a rebuild has begun.
CREATE TABLE gate_epochs (
    epoch   bigint      NOT NULL CHECK (epoch >= 2),
    at      timestamptz NOT NULL,
    sale_no integer     NOT NULL,
    reason  text        NOT NULL,
    PRIMARY KEY (sale_no, epoch)
);

-- Turns at what only one node at a time should do. The number grows with each taking.
CREATE TABLE leases (
    name       text        COLLATE "C" PRIMARY KEY,
    holder     text        NOT NULL,
    number     bigint      NOT NULL CHECK (number >= 1),
    expires_at timestamptz NOT NULL
);

-- Whether the sale's gate was removed for good: from then on the store alone answers.
ALTER TABLE sales ADD COLUMN is_over boolean NOT NULL DEFAULT false;

-- Gates that have promised units that there were not are looked for again and again.
CREATE INDEX outbox_drifted ON outbox (sale_no, epoch) WHERE order_key IS NULL;

-- Late money whose claim could not be written goes back too.
ALTER TABLE payments
    DROP CONSTRAINT payments_refund_reason_check,
    ADD CONSTRAINT payments_refund_reason_check CHECK (refund_reason BETWEEN 1 AND 8);
