-- Public holidays, in one place for everything that counts working days: deadlines, pay-outs, and the hours in which people answer.
-- Those that move from year to year are added by whoever runs the service (docs/operate.md).
CREATE TABLE platform.holidays (
  -- ISO 3166 country, as in a shop's terms.
  calendar text NOT NULL,
  day      date NOT NULL,
  name     text NOT NULL,
  PRIMARY KEY (calendar, day)
);
INSERT INTO platform.holidays (calendar, day, name) SELECT calendar, day, name FROM settlements.bank_holidays;
INSERT INTO platform.holidays (calendar, day, name) SELECT 'ID', day, 'Hari libur' FROM refunds.holidays
ON CONFLICT DO NOTHING;
DROP TABLE settlements.bank_holidays;
DROP TABLE refunds.holidays;
