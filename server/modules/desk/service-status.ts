// Which channels answer now, and by when. The expected wait is measured: the median of today's first replies.
// Outside the hours the chat is open while somebody takes chats: what the agent's switch says and what the customer reads is one.
import type { Static } from 'typebox'
import type { ServiceStatusSchema } from '#contract/customer.ts'
import { dayIn, instantOf } from '#platform/days.ts'
import type { Sql } from '#platform/db.ts'
import { readHolidays } from '#platform/holidays.ts'
import type { Platform } from '#platform/platform.ts'
import { readWall } from './queue.sql.ts'
import { closesAt, firstReplyDueAt, isOpen, opensAt, policyOf, type ServiceChannel } from './hours.rules.ts'
import type { DeskNeeds } from './needs.ts'

/** More waiting cases than this for each agent, and the chat says that it is busy. */
const busyAbove = 8

/** When a first reply is promised: counted in the channel's open time. */
export type ReplyDueAt = (channel: ServiceChannel, openedAt: Date) => Date

/** Knows the holidays of now; read once a transaction. */
export async function readReplyDueAt(sql: Sql): Promise<ReplyDueAt> {
  const holidays = await readHolidays(sql)
  return (channel, openedAt) => firstReplyDueAt(policyOf(channel, holidays), openedAt)
}

export async function serviceStatus(
  platform: Platform,
  needs: DeskNeeds,
): Promise<Static<typeof ServiceStatusSchema>> {
  const now = platform.clock.now()
  const zone = platform.config.serviceTimeZone
  const [wall, agents, holidays] = await Promise.all([
    readWall(platform.db.read, now, instantOf(zone, dayIn(zone, now))),
    needs.staff.availableAgents(),
    readHolidays(platform.db.read),
  ])
  const busy = agents.length === 0 || Number(wall.waiting) > agents.length * busyAbove
  return {
    channels: (['chat', 'voice', 'email', 'social'] as const).map((channel) => {
      const policy = policyOf(channel, holidays)
      // Not connected yet, and the product says so.
      if (!policy.connected) return { channel, state: 'unavailable' as const }
      const inHours = isOpen(policy, now)
      if (!inHours && !(channel === 'chat' && agents.length > 0)) {
        const opens = opensAt(policy, now)
        return { channel, state: 'closed' as const, ...(opens ? { opensAt: opens.toISOString() } : {}) }
      }
      // Whoever is here beyond the hours may leave at any time.
      const closes = inHours ? closesAt(policy, now) : undefined
      // Nobody takes chats: what replies took today says nothing of the next one.
      const wait = channel === 'chat' && agents.length > 0 ? wall.median_first_reply : null
      return {
        channel,
        state: channel === 'chat' && busy ? ('busy' as const) : ('open' as const),
        ...(wait === null ? {} : { expectedWaitSeconds: Math.round(wait) }),
        ...(closes ? { closesAt: closes.toISOString() } : {}),
      }
    }),
  }
}
