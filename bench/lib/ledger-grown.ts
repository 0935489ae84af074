// Ten million transfers put into a ledger by set-based SQL, past its triggers but following from its accounts like any other:
// what a ledger is like after years. Only for a database that exists for a measurement.
import { createDatabase } from '#platform/db.ts'
import { accountCount, currency } from './ledger-world.ts'

/** Rounds of one transfer for each account: a multiple of the accounts. */
const roundsPerStep = 5
/** As a busy queue keeps them. */
const keysPerBatch = 256

/**
 * In every round each account n passes 1 on to account n + 1. So balances end as they were, and the entry numbers and
 * balances on the way follow from n: account 0 gives before it gets, all others get before they give.
 */
const step = `
  WITH bounds AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, balance, entry_count
    FROM ledger.accounts WHERE kind = 'customer_wallet'
  )
  INSERT INTO ledger.transfers (id, debit_account_id, credit_account_id, amount, currency, kind, reference,
    debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at)
  SELECT gen_random_uuid(), debit.id, credit.id, 1, $3, 'grown', 'TN-0000-0000',
    CASE WHEN debit.n = 0 THEN debit.balance - 1 ELSE debit.balance END,
    debit.entry_count + 2 * round + CASE WHEN debit.n = 0 THEN 1 ELSE 2 END,
    CASE WHEN credit.n = 0 THEN credit.balance ELSE credit.balance + 1 END,
    credit.entry_count + 2 * round + CASE WHEN credit.n = 0 THEN 2 ELSE 1 END,
    now(), now()
  FROM generate_series(0, $1::bigint - 1) AS round
  CROSS JOIN bounds AS debit JOIN bounds AS credit ON credit.n = (debit.n + 1) % $2::bigint
  ORDER BY round, debit.n`

export async function growLedger(
  connectionString: string,
  transfers: number,
  say: (done: number) => void,
): Promise<void> {
  const db = createDatabase({ connectionString, maximumConnections: 1 })
  try {
    for (let done = 0; done < transfers; done += accountCount * roundsPerStep) {
      await db.transaction(
        async (tx) => {
          await tx.run("SET LOCAL session_replication_role = 'replica'")
          await tx.run(step, [roundsPerStep, accountCount, currency])
          await tx.run(
            "UPDATE ledger.accounts SET entry_count = entry_count + $1 WHERE kind = 'customer_wallet'",
            [2 * roundsPerStep],
          )
          await tx.run(
            `WITH begun AS MATERIALIZED (SELECT nextval('ledger.key_batches') AS batch), kept AS (
               INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch)
               SELECT gen_random_uuid(), gen_random_uuid(), sha256('grown'), 'posted', begun.batch + n / $2
               FROM begun CROSS JOIN generate_series(0, $1::bigint - 1) AS n
             )
             SELECT setval('ledger.key_batches', begun.batch + $1::bigint / $2) FROM begun`,
            [accountCount * roundsPerStep, keysPerBatch],
          )
        },
        { relaxed: true },
      )
      say(done + accountCount * roundsPerStep)
    }
    await db.read.run('VACUUM (ANALYZE)')
    await db.read.run('CHECKPOINT')
  } finally {
    await db.close()
  }
}
