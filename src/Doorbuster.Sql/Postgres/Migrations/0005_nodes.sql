-- Nodes that share the store, as they were last heard of; those that were silent for long are swept away.
CREATE TABLE nodes (
    id         text        COLLATE "C" PRIMARY KEY,
    name       text        NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    lag_ms     bigint      CHECK (lag_ms >= 0),
    not_ready  text[]      NOT NULL,
    roles      smallint    NOT NULL CHECK (roles BETWEEN 1 AND 3)
);
