// What happens by itself: deadlines pass, money that was missing is looked for again, promised dates are given anew before the
// customer asks. Each refund in a transaction of its own; what is due stands in its row.
import { money } from '#contract/money.ts'
import type { Platform } from '#platform/platform.ts'
import { readHolidays } from '#platform/holidays.ts'
import type { Mover } from './move-refund.ts'
import { isSamePayload } from './approve-refund.ts'
import { referenceOfRefund } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'
import { isOpen } from './refund.ts'
import { waitOf } from './refund.rules.ts'
import * as store from './refund.sql.ts'
import { endOfWorkingDay } from './working-days.rules.ts'

const system = { kind: 'system' as const }
const atOnce = 50
const waitingAtOnce = 500

export interface DueRefunds {
  /** Deadlines that have passed; returns how many refunds moved. */
  passDeadlines(): Promise<number>
  /** Refunds that wait for money or room; returns how many were paid. */
  retryWaiting(): Promise<number>
  /** Approvals that became untrue because the money stands elsewhere now are void at once; returns how many refunds went back to staff. */
  voidChanged(): Promise<number>
  /** Refunds whose promised date has passed: the customer gets a new one. */
  tellLate(): Promise<number>
}

export function createDueRefunds(platform: Platform, needs: RefundNeeds, mover: Mover): DueRefunds {
  const { db, clock, log } = platform
  const zone = platform.config.serviceTimeZone

  /** One that fails holds up no other; it is tried again each round. */
  async function each(
    numbers: readonly bigint[],
    work: (number: bigint) => Promise<boolean>,
  ): Promise<number> {
    let changed = 0
    for (const number of numbers) {
      const isChanged = await work(number).catch((error: unknown) => {
        log.error({ error, refund: referenceOfRefund({ number }) }, 'a due refund could not be moved')
        return false
      })
      if (isChanged) changed++
    }
    if (changed > 0) platform.events.wake()
    return changed
  }

  /** All that is due now, some at a time: those that fail are passed by, so that they hold up nobody behind them. */
  async function eachDue(
    find: typeof store.findOverdue,
    work: (number: bigint) => Promise<boolean>,
  ): Promise<number> {
    const now = clock.now()
    let changed = 0
    let page = await find(db.read, now, undefined, atOnce)
    while (page.length > 0) {
      changed += await each(
        page.map(({ number }) => number),
        work,
      )
      page = await find(db.read, now, page.at(-1), atOnce)
    }
    return changed
  }

  return {
    async passDeadlines() {
      return eachDue(store.findOverdue, (number) =>
        db.transaction(async (tx) => {
          const found = await mover.holdRefund(tx, number)
          if (!found) return false
          const { held, refund } = found
          if (!refund.untilAt || refund.untilAt > clock.now()) return false
          await mover.move(tx, held, refund, { kind: 'deadline_passed' }, system)
          return true
        }),
      )
    },
    async retryWaiting() {
      const waiting = await store.listWaiting(db.read, waitingAtOnce)
      const funded = await needs.payments.withMoney(db.read, waiting)
      const now = clock.now()
      const worthTrying = waiting.filter(
        (refund) => funded.has(refund.number) || (refund.nextTryAt && refund.nextTryAt <= now),
      )
      return each(
        worthTrying.map((refund) => refund.number),
        (number) =>
          db.transaction(async (tx) => {
            const found = await mover.holdRefund(tx, number)
            if (!found || found.refund.state !== 'waiting_for_funds') return false
            const { held, refund } = found
            return (await mover.payBack(tx, held, refund, system)).state === 'paid'
          }),
      )
    },
    async voidChanged() {
      const waiting = await store.listAwaitingApproval(db.read, waitingAtOnce)
      const payments = await needs.payments.read(
        db.read,
        waiting.map((refund) => refund.paymentNumber),
      )
      // Nearly all are as they were: only what looks changed is locked and judged.
      const looksChanged = waiting.filter(({ paymentNumber, proposedPayload }) => {
        const payment = payments.get(paymentNumber)
        return payment && proposedPayload?.['fromAccount'] !== needs.payments.standsOn(payment)
      })
      return each(
        looksChanged.map((refund) => refund.number),
        (number) =>
          db.transaction(async (tx) => {
            const found = await mover.holdRefund(tx, number)
            if (found?.refund.state !== 'awaiting_approval') return false
            const { held, refund } = found
            if (isSamePayload(refund.proposedPayload, await mover.payloadOf(tx, held, refund))) return false
            await needs.approvals.cancel(tx, refund.approvalId!)
            await mover.move(tx, held, refund, { kind: 'approval_closed' }, system)
            return true
          }),
      )
    },
    async tellLate() {
      return eachDue(store.findLate, (number) =>
        db.transaction(async (tx) => {
          const found = await mover.holdRefund(tx, number)
          if (!found) return false
          const { held, refund } = found
          if (!isOpen(refund.state) || refund.promisedBy > clock.now()) return false
          const rules = await store.readRules(tx, refund.currency)
          const promisedBy = endOfWorkingDay(zone, clock.now(), rules.lateDays, await readHolidays(tx))
          await mover.told(
            tx,
            held,
            { ...refund, promisedBy, lateTold: refund.lateTold + 1 },
            'promised_again',
            system,
          )
          await needs.tellCustomer(tx, {
            // Where only the customer can end the wait, "you need do nothing" would be wrong.
            kind: waitOf(refund) === 'wallet_room' ? 'no_room' : 'late',
            customerId: refund.customerId,
            amount: money(refund.amountMinor, refund.currency),
            shopName: held.locked.shop.name,
            reference: referenceOfRefund(refund),
            by: promisedBy,
          })
          return true
        }),
      )
    },
  }
}
