// How this world behaves (switches) and what time it is there. Kept in the sandbox's schema: a restart changes nothing.
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Database } from './database.ts'

const delayMs = Type.Integer({ minimum: 0, maximum: 120_000 })
export const SwitchesSchema = Type.Object(
  {
    /** What the shops' systems do when they hear from the product. */
    shop: Type.Object(
      {
        up: Type.Boolean({ default: true }),
        slowMs: Type.Integer({ ...delayMs, default: 0 }),
        /** Handles the webhook, then cuts the line: the answer is lost. */
        lostAnswer: Type.Boolean({ default: false }),
        /** What the shops answer to requests for money back; `silent`: nothing, unless somebody presses a button. */
        refunds: Type.Union(
          (['silent', 'agree', 'refuse'] as const).map((answer) => Type.Literal(answer)),
          { default: 'silent' },
        ),
      },
      { additionalProperties: false, default: {} },
    ),
    bank: Type.Object(
      {
        twice: Type.Boolean({ default: true }),
        lateMs: Type.Integer({ ...delayMs, default: 0 }),
        /** Our answer never reaches the bank: it calls again. */
        lostAnswer: Type.Boolean({ default: false }),
        /** Transfers of the same three seconds are told newest first. */
        outOfOrder: Type.Boolean({ default: false }),
        wrongSignature: Type.Boolean({ default: false }),
      },
      { additionalProperties: false, default: {} },
    ),
    /** Transfers that the product sends through the bank: pay-outs to shops. */
    payOuts: Type.Object(
      {
        slowMs: Type.Integer({ ...delayMs, default: 0 }),
        /** Pays, then cuts the line. */
        lostAnswer: Type.Boolean({ default: false }),
        /** The line delivers each order two times: the answer is "duplicate". */
        twice: Type.Boolean({ default: false }),
        refused: Type.Boolean({ default: false }),
      },
      { additionalProperties: false, default: {} },
    ),
    messages: Type.Object(
      { up: Type.Boolean({ default: true }), slowMs: Type.Integer({ ...delayMs, default: 0 }) },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false },
)
export type Switches = Static<typeof SwitchesSchema>

export interface World {
  readonly switches: Switches
  /** Merges and keeps. Throws RangeError when a name or value is unknown. */
  change(partial: unknown): Promise<Switches>
  /** This world's time: the machine's, moved forward. */
  now(): Date
  /** Sets how far this world is ahead: learned from the product's answers. */
  follow(time: Date): Promise<void>
}

export function completeSwitches(partial: unknown): Switches {
  const complete: unknown = Value.Default(SwitchesSchema, structuredClone(partial ?? {}))
  if (!Value.Check(SwitchesSchema, complete)) {
    const first = Value.Errors(SwitchesSchema, complete)[0]
    throw new RangeError(`${first?.instancePath ?? ''} ${first?.message ?? 'not a switch'}`.trim())
  }
  return complete
}

export async function openWorld(db: Database): Promise<World> {
  const row = await db.maybe<{ switches: unknown; clock_offset_ms: bigint }>(
    'SELECT switches, clock_offset_ms FROM sandbox.settings',
  )
  let switches = completeSwitches(row?.switches)
  let offsetMs = Number(row?.clock_offset_ms ?? 0n)
  return {
    get switches() {
      return switches
    },
    async change(partial) {
      if (typeof partial !== 'object' || partial === null) throw new RangeError('switches are an object')
      const merged: Record<string, unknown> = { ...switches }
      for (const [party, values] of Object.entries(partial))
        merged[party] = { ...(merged[party] as object | undefined), ...(values as object) }
      const next = completeSwitches(merged)
      await db.rows('UPDATE sandbox.settings SET switches = $1', [JSON.stringify(next)])
      return (switches = next)
    },
    now: () => new Date(Date.now() + offsetMs),
    async follow(time) {
      const ahead = Math.max(0, Math.round(time.getTime() - Date.now()))
      // The answer's own way takes time: small differences are no move of the clock.
      if (Math.abs(ahead - offsetMs) < 5000) return
      offsetMs = ahead < 5000 ? 0 : ahead
      await db.rows('UPDATE sandbox.settings SET clock_offset_ms = $1', [offsetMs])
    },
  }
}

export function wait(milliseconds: number): Promise<void> {
  return milliseconds > 0 ? new Promise((resolve) => setTimeout(resolve, milliseconds)) : Promise.resolve()
}
