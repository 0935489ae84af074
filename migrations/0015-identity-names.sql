-- Customers by the beginning of their name, whatever its case, for the agents' search.
CREATE INDEX customers_name ON identity.customers (lower(display_name) text_pattern_ops);
