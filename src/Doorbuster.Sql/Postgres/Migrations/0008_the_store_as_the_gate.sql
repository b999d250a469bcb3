-- The order store may be the gate itself, for several nodes that share nothing else.

-- Grows with each change of what is available, so that who remembers that nothing was left knows if that still holds.
ALTER TABLE sales ADD COLUMN available_version bigint NOT NULL DEFAULT 0 CHECK (available_version >= 0);

-- Every order of the buyer, in the order they were made; written only where the store is the gate, for an index by
-- buyer would be paid for with each order.
ALTER TABLE holdings ADD COLUMN orders uuid[];

-- Which gate has worked on the store last: what the store keeps for itself as the gate is made anew after another.
ALTER TABLE ownership ADD COLUMN gate text CHECK (gate IN ('memory', 'redis', 'database'));
