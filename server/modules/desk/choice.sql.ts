// SQL on what customers choose, on what a thread has told already, and on the lock of opening a case.
import type { Choice } from '#contract/diagnosis.ts'
import type { Sql, Transaction } from '#platform/db.ts'

/** Held until the commit: two openings about the same thing follow each other. */
export async function lockOpening(tx: Transaction, customerId: string, about: string): Promise<void> {
  await tx.run(
    `INSERT INTO desk.openings (customer_id, about) VALUES ($1, $2)
     ON CONFLICT (customer_id, about) DO UPDATE SET about = excluded.about`,
    [customerId, about],
  )
}

export interface ChosenRow {
  case_id: string
  reference: string
  choice: Choice
  chosen_at: Date
  notify: boolean
}

export async function readChoices(sql: Sql, caseIds: readonly string[]): Promise<ChosenRow[]> {
  return sql.rows<ChosenRow>(
    'SELECT * FROM desk.choices WHERE case_id = ANY($1::uuid[]) ORDER BY chosen_at DESC, reference',
    [caseIds],
  )
}

export async function saveChoice(
  tx: Transaction,
  caseId: string,
  chosen: { reference: string; choice: Choice; at: Date; notify: boolean },
): Promise<void> {
  await tx.run(
    `INSERT INTO desk.choices (case_id, reference, choice, chosen_at, notify) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (case_id, reference) DO UPDATE SET choice = excluded.choice, chosen_at = excluded.chosen_at, notify = excluded.notify`,
    [caseId, chosen.reference, chosen.choice, chosen.at, chosen.notify],
  )
}

/** Takes the wish to be told of this money: true once for each wish. */
export async function takeNotifyWish(tx: Transaction, caseId: string, reference: string): Promise<boolean> {
  const count = await tx.run(
    'UPDATE desk.choices SET notify = false WHERE case_id = $1 AND reference = $2 AND notify',
    [caseId, reference],
  )
  return count > 0
}

/** Which of these steps the thread has not told yet; they count as told from now on. */
export async function takeUntold(
  tx: Transaction,
  caseId: string,
  reference: string,
  steps: readonly string[],
): Promise<string[]> {
  const rows = await tx.rows<{ step: string }>(
    `INSERT INTO desk.told_steps (case_id, reference, step) SELECT $1, $2, step FROM unnest($3::text[]) AS s (step)
     ON CONFLICT DO NOTHING RETURNING step`,
    [caseId, reference, steps],
  )
  const untold = new Set(rows.map((row) => row.step))
  return steps.filter((step) => untold.has(step))
}
