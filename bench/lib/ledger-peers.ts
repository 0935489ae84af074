// What people would use instead of this ledger, on the same server and on tables with the same columns and indexes:
// a plain multi-row insert (the limit), one function call for each transfer, and the textbook transaction from Node.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { uuidv7 } from '#contract/ids.ts'
import { bigints, texts, times, uuids } from '#platform/arrays.ts'
import { createDatabase, type DedicatedConnection } from '#platform/db.ts'
import { accountCount, accountId, currency } from './ledger-world.ts'
import { createTpcbPeer, type Server, type TpcbPeer } from './tpcb.ts'

const columns = `id, debit_account_id, credit_account_id, amount, currency, kind, reference,
  debit_balance_after, debit_entry, credit_balance_after, credit_entry, effective_at, recorded_at`

// Checks and indexes as the ledger's own; no trigger, no guard that hangs on one.
const schema = `
  CREATE SCHEMA IF NOT EXISTS peers;
  CREATE TABLE peers.plain_transfers (LIKE ledger.transfers INCLUDING ALL);
  CREATE TABLE peers.transfers (LIKE ledger.transfers INCLUDING ALL);
  CREATE TABLE peers.accounts (LIKE ledger.accounts INCLUDING ALL) WITH (fillfactor = 70);
  INSERT INTO peers.accounts SELECT * FROM ledger.accounts;
  CREATE FUNCTION peers.transfer(debit uuid, credit uuid, moved bigint) RETURNS uuid LANGUAGE plpgsql AS $$
  DECLARE
    made uuid := gen_random_uuid();
    debited peers.accounts;
    credited peers.accounts;
  BEGIN
    PERFORM FROM peers.accounts WHERE id IN (debit, credit) ORDER BY id FOR NO KEY UPDATE;
    UPDATE peers.accounts SET balance = balance - moved, entry_count = entry_count + 1 WHERE id = debit RETURNING * INTO STRICT debited;
    UPDATE peers.accounts SET balance = balance + moved, entry_count = entry_count + 1 WHERE id = credit RETURNING * INTO STRICT credited;
    INSERT INTO peers.transfers (${columns})
    VALUES (made, debit, credit, moved, debited.currency, 'bench', 'TN-0000-0000',
      debited.balance, debited.entry_count, credited.balance, credited.entry_count, now(), now());
    RETURN made;
  END $$;`

const script = `\\set debit random(0, ${accountCount - 1})
\\set credit (:debit + random(1, ${accountCount - 1})) % ${accountCount}
SELECT peers.transfer(('01930000-0000-7000-8000-' || lpad(to_hex(:debit::bigint), 12, '0'))::uuid,
  ('01930000-0000-7000-8000-' || lpad(to_hex(:credit::bigint), 12, '0'))::uuid, 7);
`

export interface Peers {
  /** Rows per second of the plain insert, in batches as large as the ledger's and with as many at once. */
  limit(seconds: number): Promise<number>
  /** Function calls from pgbench. */
  function: TpcbPeer
  /** Transfers per second by separate statements on 32 connections from Node. */
  naive(seconds: number): Promise<number>
  close(): Promise<void>
}

const batchLength = 256
const lanes = 2
const naiveConnections = 32

/** `pgbenchSeconds`: how long each number of clients of pgbench gets in a round. */
export async function preparePeers(
  server: Server,
  database: string,
  connectionString: string,
  folder: string,
  pgbenchSeconds: number,
): Promise<Peers> {
  const db = createDatabase({ connectionString, maximumConnections: 2 })
  await db.read.run(schema)
  const scriptFile = path.join(folder, 'function.pgbench')
  writeFileSync(scriptFile, script)
  const connections: DedicatedConnection[] = []
  while (connections.length < lanes) connections.push(await db.dedicated())
  const clients: pg.Client[] = []
  let entry = 0n

  /** The rows of one batch: each entry number is used once, as in a real ledger. */
  function rows(): unknown[] {
    const all = Array.from({ length: batchLength })
    const number = () => accountId(Math.floor(Math.random() * accountCount))
    const now = new Date()
    return [
      uuids(all.map(() => uuidv7())),
      uuids(all.map(number)),
      uuids(all.map(number)),
      bigints(all.map(() => 7n)),
      texts(all.map(() => currency)),
      texts(all.map(() => 'bench')),
      texts(all.map(() => 'TN-0000-0000')),
      bigints(all.map(() => 1_000_000_000_000n)),
      bigints(all.map(() => ++entry)),
      bigints(all.map(() => 1_000_000_000_000n)),
      bigints(all.map(() => ++entry)),
      times(all.map(() => now)),
      times(all.map(() => now)),
    ]
  }
  const insert = `INSERT INTO peers.plain_transfers (${columns})
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[],
      $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
      AS t (a, debit, credit, d, e, f, g, h, i, j, k, l, m) WHERE debit <> credit`

  /** Runs `step` on every one of `parties` over and over; `step` answers how much it did. Per second. */
  async function rate(
    parties: readonly ((until: number) => Promise<number>)[],
    seconds: number,
  ): Promise<number> {
    const started = performance.now()
    const done = await Promise.all(parties.map((party) => party(started + seconds * 1000)))
    return done.reduce((sum, each) => sum + each, 0) / ((performance.now() - started) / 1000)
  }

  async function transferNaively(client: pg.Client): Promise<void> {
    const debit = Math.floor(Math.random() * accountCount)
    const credit = (debit + 1 + Math.floor(Math.random() * (accountCount - 1))) % accountCount
    const move = async (number: number, change: number) =>
      (
        await client.query({
          name: 'move',
          text: 'UPDATE peers.accounts SET balance = balance + $2, entry_count = entry_count + 1 WHERE id = $1 RETURNING balance, entry_count',
          values: [accountId(number), change],
        })
      ).rows[0] as { balance: string; entry_count: string }
    await client.query('BEGIN')
    await client.query({
      name: 'lock',
      text: 'SELECT balance, held, minimum FROM peers.accounts WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE',
      values: [[accountId(debit), accountId(credit)]],
    })
    const debited = await move(debit, -7)
    const credited = await move(credit, 7)
    await client.query({
      name: 'insert',
      text: `INSERT INTO peers.transfers (${columns}) VALUES ($1, $2, $3, 7, $4, 'bench', 'TN-0000-0000', $5, $6, $7, $8, now(), now())`,
      values: [
        uuidv7(),
        accountId(debit),
        accountId(credit),
        currency,
        debited.balance,
        debited.entry_count,
        credited.balance,
        credited.entry_count,
      ],
    })
    await client.query('COMMIT')
  }

  return {
    limit: (seconds) =>
      rate(
        connections.map((connection) => async (until) => {
          let done = 0
          while (performance.now() < until)
            done += await connection.transaction((tx) => tx.run(insert, rows(), 'peers-limit'))
          return done
        }),
        seconds,
      ),
    function: createTpcbPeer(server, database, pgbenchSeconds, scriptFile),
    async naive(seconds) {
      while (clients.length < naiveConnections) {
        const client = new pg.Client({ connectionString })
        await client.connect()
        clients.push(client)
      }
      return rate(
        clients.map((client) => async (until) => {
          let done = 0
          for (; performance.now() < until; done++) await transferNaively(client)
          return done
        }),
        seconds,
      )
    },
    async close() {
      await Promise.all([...connections.map((each) => each.close()), ...clients.map((each) => each.end())])
      await db.close()
    },
  }
}
