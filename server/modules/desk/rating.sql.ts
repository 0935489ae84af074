// SQL on ratings: one for each closing of a case.
import type { Sql, Transaction } from '#platform/db.ts'

export interface RatingRow {
  case_id: string
  closing: number
  score: number
  comment: string | null
  rated_at: Date
}

/** The ratings of the last closing of each case. */
export async function readRatings(sql: Sql, caseIds: readonly string[]): Promise<Map<string, RatingRow>> {
  const rows = await sql.rows<RatingRow>(
    `SELECT rating.case_id, rating.closing, rating.score, rating.comment, rating.rated_at
     FROM desk.ratings AS rating JOIN desk.cases AS "case" ON "case".id = rating.case_id AND "case".closings = rating.closing
     WHERE rating.case_id = ANY($1::uuid[])`,
    [caseIds],
  )
  return new Map(rows.map((row) => [row.case_id, row]))
}

/** A second rating of the same closing changes the first; the time of the first stays. */
export async function saveRating(
  tx: Transaction,
  rating: {
    caseId: string
    closing: number
    score: number
    comment: string | undefined
    redactions: readonly string[]
  },
  now: Date,
): Promise<void> {
  await tx.run(
    `INSERT INTO desk.ratings (case_id, closing, score, comment, redactions, rated_at, changed_at)
     VALUES ($1, $2, $3, $4, $5::text[], $6, $6)
     ON CONFLICT (case_id, closing)
     DO UPDATE SET score = excluded.score, comment = excluded.comment, redactions = excluded.redactions, changed_at = excluded.changed_at`,
    [rating.caseId, rating.closing, rating.score, rating.comment ?? null, rating.redactions, now],
  )
}
