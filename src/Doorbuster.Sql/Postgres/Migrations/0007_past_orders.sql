-- Sales that are over have no gate that knows whose orders are whose. Until then no index by buyer is paid for with
-- each order that is made.
CREATE TABLE past_orders (
    key     uuid    NOT NULL,
    sale_no integer NOT NULL,
    buyer   text    COLLATE "C" NOT NULL,
    PRIMARY KEY (sale_no, buyer, key)
);

-- Rejections may still come when the sale is over: copies of claims that were lost with a gate.
CREATE INDEX orders_rejected ON orders (sale_no, buyer) WHERE status = 5;
