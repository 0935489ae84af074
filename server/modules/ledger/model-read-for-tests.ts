// For tests only: what the database says of a world's accounts and holds, in the words of the model, in one statement.
import type { Sql } from '#platform/db.ts'
import type { Model, ModelEntry, ModelHold } from './model-world-for-tests.ts'

export interface Figures {
  accounts: { balance: bigint; held: bigint; entryCount: bigint; open: bigint; entries: ModelEntry[] }[]
  /** In the order of ids: who placed first is not asked. */
  holds: Pick<ModelHold, 'id' | 'state' | 'posted' | 'remaining'>[]
}

type Told = [transferId: string, amount: string, after: string, at: number, happenedAt: number]

/** In the order of the model. The entries as the view tells them, in the order of their numbers. */
export async function readFigures(sql: Sql, { accounts }: Model): Promise<Figures> {
  const rows = await sql.rows<{
    balance: bigint
    held: bigint
    entry_count: bigint
    open: bigint
    entries: Told[] | null
    holds: [string, ModelHold['state'], string, string][] | null
  }>(
    `SELECT balance, held, entry_count,
       (SELECT coalesce(sum(remaining), 0)::bigint FROM ledger.holds WHERE debit_account_id = account.id AND state = 'open') AS open,
       CASE WHEN account.kind <> 'exchange_position' THEN (SELECT jsonb_agg(jsonb_build_array(transfer_id, amount::text, balance_after::text,
                 (extract(epoch FROM recorded_at) * 1000)::bigint, (extract(epoch FROM effective_at) * 1000)::bigint) ORDER BY entry)
        FROM ledger.entries WHERE account_id = account.id) END AS entries,
       CASE WHEN place = 1 THEN (SELECT jsonb_agg(jsonb_build_array(id, state, posted::text, remaining::text) ORDER BY id)
        FROM ledger.holds WHERE debit_account_id = ANY($1::uuid[])) END AS holds
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place) JOIN ledger.accounts AS account USING (id)
     ORDER BY place`,
    [accounts.map(({ id }) => id)],
    'model-read-figures',
  )
  return {
    accounts: rows.map(({ balance, held, entry_count, open, entries }) => ({
      balance,
      held,
      entryCount: entry_count,
      open,
      entries: (entries ?? []).map(([transferId, amount, after, at, happenedAt]) => ({
        transferId,
        amount: BigInt(amount),
        after: BigInt(after),
        at,
        happenedAt,
      })),
    })),
    holds: (rows[0]?.holds ?? []).map(([id, state, posted, remaining]) => ({
      id,
      state,
      posted: BigInt(posted),
      remaining: BigInt(remaining),
    })),
  }
}
