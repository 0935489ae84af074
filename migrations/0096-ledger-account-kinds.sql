-- What an account may be for: the same list as in the ledger's types. The kind that nearly all accounts have stands first.
ALTER TABLE ledger.accounts ADD CONSTRAINT account_kind CHECK (kind IN (
  'customer_wallet', 'shop_unacknowledged', 'shop_payable', 'shop_reserve', 'bank_clearing', 'top_up_suspense', 'fees',
  'biller_payable', 'rewards', 'exchange_position'));
