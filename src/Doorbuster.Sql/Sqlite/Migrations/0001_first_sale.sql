-- A sale's terms, which change by an operator's hand. Its units are in stock, so that a claim rewrites a short row.
CREATE TABLE sales (
    no                     INTEGER PRIMARY KEY,
    id                     TEXT    NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 64),
    title                  TEXT    NOT NULL,
    description            TEXT,
    image_url              TEXT,
    price_amount           INTEGER NOT NULL CHECK (price_amount >= 0),
    price_currency         TEXT    NOT NULL CHECK (length(price_currency) = 3),
    opens_at_ms            INTEGER NOT NULL,
    closes_at_ms           INTEGER CHECK (closes_at_ms > opens_at_ms),
    per_buyer_limit        INTEGER NOT NULL CHECK (per_buyer_limit >= 1),
    payment_window_ms      INTEGER NOT NULL CHECK (payment_window_ms > 0),
    require_purchase_token INTEGER NOT NULL CHECK (require_purchase_token IN (0, 1)),
    mode                   INTEGER NOT NULL CHECK (mode IN (0, 1, 2)),
    revision               INTEGER NOT NULL CHECK (revision >= 1),
    created_at_ms          INTEGER NOT NULL,
    order_id_key           BLOB    NOT NULL CHECK (length(order_id_key) = 32)
) STRICT;

-- The law, row by row. admitted counts the sale's admissions: a commit that expects another count is refused.
CREATE TABLE stock (
    sale_no   INTEGER PRIMARY KEY REFERENCES sales (no),
    epoch     INTEGER NOT NULL CHECK (epoch >= 1),
    admitted  INTEGER NOT NULL CHECK (admitted >= 0),
    quantity  INTEGER NOT NULL CHECK (quantity >= 1),
    available INTEGER NOT NULL CHECK (available >= 0),
    reserved  INTEGER NOT NULL CHECK (reserved >= 0),
    sold      INTEGER NOT NULL CHECK (sold >= 0),
    version   INTEGER NOT NULL CHECK (version >= 0),
    CHECK (quantity = available + reserved + sold)
) STRICT;

-- Orders are only ever appended: ids are random, and an index over them would write a page for each (docs/adr/0001).
CREATE TABLE orders (
    no             INTEGER PRIMARY KEY,
    sale_no        INTEGER NOT NULL REFERENCES sales (no),
    key            BLOB    NOT NULL CHECK (length(key) = 16),
    buyer          TEXT    NOT NULL,
    quantity       INTEGER NOT NULL CHECK (quantity >= 1),
    amount         INTEGER NOT NULL CHECK (amount >= 0),
    status         INTEGER NOT NULL CHECK (status IN (1, 2)),
    revision       INTEGER NOT NULL CHECK (revision >= 1),
    created_at_ms  INTEGER NOT NULL,
    reserved_at_ms INTEGER NOT NULL,
    expires_at_ms  INTEGER NOT NULL
) STRICT;

-- Who owns the store: every start raises owner, and every transaction compares it before it writes anything else.
CREATE TABLE fence (
    no    INTEGER PRIMARY KEY CHECK (no = 1),
    owner INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT;

INSERT INTO fence (no, owner, count) VALUES (1, 0, 0);
