-- The claims that a node has answered since it started, by sale and by what was decided: other nodes add them up.
ALTER TABLE nodes ADD COLUMN claims jsonb NOT NULL DEFAULT '{}';
