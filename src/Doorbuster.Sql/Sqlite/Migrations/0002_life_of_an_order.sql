-- Orders end and are paid; payments, replenishments and the sale's numbered transitions come with that.
CREATE TABLE payments (
    no             INTEGER PRIMARY KEY,
    id             TEXT    NOT NULL CHECK (length(id) BETWEEN 1 AND 200),
    order_id       TEXT    NOT NULL,
    order_no       INTEGER,
    attempt        INTEGER NOT NULL CHECK (attempt >= 0),
    amount         INTEGER NOT NULL CHECK (amount >= 0),
    currency       TEXT    NOT NULL CHECK (length(currency) = 3),
    state          INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
    created_at_ms  INTEGER NOT NULL,
    captured_at_ms INTEGER,
    checkout_url   TEXT,
    reviving       INTEGER CHECK (reviving >= 1),
    refund_reason  INTEGER CHECK (refund_reason BETWEEN 1 AND 6),
    CHECK (attempt = 0 OR order_no IS NOT NULL),
    CHECK ((captured_at_ms IS NULL) = (state IN (1, 5))),
    CHECK ((refund_reason IS NULL) = (state NOT IN (3, 4))),
    CHECK (reviving IS NULL OR state = 2)
) STRICT;

-- Payments of ours are found by their order, which their id names; only foreign names need an index of texts.
CREATE UNIQUE INDEX payments_of_orders ON payments (order_no, attempt) WHERE attempt > 0;
CREATE UNIQUE INDEX payments_by_foreign_id ON payments (id) WHERE attempt = 0;
CREATE INDEX payments_unsettled ON payments (no) WHERE state = 3 OR reviving IS NOT NULL;

-- A range and not IN: for a list of three or more SQLite fills a temporary table at each insert, which doubles the
-- cost.
CREATE TABLE lived_orders (
    no             INTEGER PRIMARY KEY,
    sale_no        INTEGER NOT NULL REFERENCES sales (no),
    key            BLOB    NOT NULL CHECK (length(key) = 16),
    buyer          TEXT    NOT NULL,
    quantity       INTEGER NOT NULL CHECK (quantity >= 1),
    amount         INTEGER NOT NULL CHECK (amount >= 0),
    status         INTEGER NOT NULL CHECK (status BETWEEN 1 AND 4),
    revision       INTEGER NOT NULL CHECK (revision >= 1),
    created_at_ms  INTEGER NOT NULL,
    reserved_at_ms INTEGER NOT NULL,
    expires_at_ms  INTEGER NOT NULL,
    turn           INTEGER NOT NULL DEFAULT 0 CHECK (turn >= 0),
    paid_at_ms     INTEGER,
    payment_no     INTEGER,
    CHECK ((paid_at_ms IS NULL) = (status <> 2)),
    CHECK (status <> 2 OR payment_no IS NOT NULL)
) STRICT;

INSERT INTO lived_orders (no, sale_no, key, buyer, quantity, amount, status, revision, created_at_ms, reserved_at_ms,
                          expires_at_ms)
SELECT no, sale_no, key, buyer, quantity, amount, status, revision, created_at_ms, reserved_at_ms, expires_at_ms
FROM orders;

DROP TABLE orders;
ALTER TABLE lived_orders RENAME TO orders;

-- What a request id has added, so that it adds once.
CREATE TABLE replenishments (
    sale_no    INTEGER NOT NULL REFERENCES sales (no),
    request_id TEXT    NOT NULL CHECK (length(request_id) BETWEEN 1 AND 64),
    quantity   INTEGER NOT NULL CHECK (quantity >= 1),
    total      INTEGER NOT NULL CHECK (total >= quantity),
    PRIMARY KEY (sale_no, request_id)
) STRICT, WITHOUT ROWID;

-- Every transition of a sale, appended. A batch's reservations are one row: their orders stand in rows that follow each
-- other, and so do their numbers.
CREATE TABLE events (
    no             INTEGER PRIMARY KEY,
    sale_no        INTEGER NOT NULL REFERENCES sales (no),
    first          INTEGER NOT NULL CHECK (first >= 1),
    count          INTEGER NOT NULL CHECK (count >= 1),
    kind           INTEGER NOT NULL,
    at_ms          INTEGER NOT NULL,
    order_no       INTEGER,
    order_revision INTEGER NOT NULL,
    payment_no     INTEGER,
    sale_revision  INTEGER NOT NULL,
    quantity       INTEGER NOT NULL
) STRICT;

INSERT INTO events (sale_no, first, count, kind, at_ms, order_no, order_revision, sale_revision, quantity)
SELECT sale_no, row_number() OVER (PARTITION BY sale_no ORDER BY no), 1, 1, reserved_at_ms, no, 1, 0, quantity
FROM orders ORDER BY no;

-- How many transitions the sale has had: the next one's number is one more.
ALTER TABLE stock ADD COLUMN events INTEGER NOT NULL DEFAULT 0 CHECK (events >= 0);

UPDATE stock SET events = (SELECT count(*) FROM events WHERE events.sale_no = stock.sale_no);
