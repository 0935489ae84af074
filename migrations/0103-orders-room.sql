-- Orders that were made together are paid together: each row of a page is written once more. With room for that on the page
-- no index learns of a payment.

ALTER TABLE merchants.orders SET (fillfactor = 50);
