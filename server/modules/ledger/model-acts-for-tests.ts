// For tests only: everything that a world can do, each as an act of two halves: on paper, and in the ledger in a transaction of
// its own (or through a queue under a key). Which account, hold or transfer is meant is settled when the act is made.
import { uuidv7, type Uuid } from '#contract/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import type { ExchangeOrder, Keyed, KeyedAnswer, Ledger, TransferQueue } from './index.ts'
import * as naive from './model-naive-for-tests.ts'
import type { Act, Asked, KeyedAsk, Model, Move, World } from './model-world-for-tests.ts'

type Acts = Omit<
  World,
  'inTurn' | 'atOnce' | 'raceHold' | 'batch' | 'wait' | 'statement' | 'readEverything' | 'end'
> & { submit(asked: KeyedAsk, queue?: number): Act | undefined }

export function createActs(world: {
  db: Database
  clock: Clock
  ledger: Ledger
  queues: readonly TransferQueue[]
  model(): Model
}): Acts {
  const { db, clock, ledger, queues, model } = world
  const keys = new Map<number, Uuid>()
  const submitted: { owner: number; key: number; asked: Asked }[] = []
  let submissions = 0

  /** In a transaction that commits whatever is said: a refusal must have written nothing. */
  const inTransaction = (work: (tx: Transaction) => Promise<unknown>) => () =>
    db.transaction(async (tx) => {
      try {
        const answer = await work(tx)
        return typeof answer === 'string' ? answer : 'done'
      } catch (error) {
        if (error instanceof Refusal) return error.code
        throw error
      }
    })

  const act = (
    name: string,
    inModel: (next: Model, now: number) => unknown,
    inLedger: (tx: Transaction) => Promise<unknown>,
  ): Act => ({
    name,
    inModel: (next, now) => {
      const answer = inModel(next, now)
      return typeof answer === 'string' ? answer : 'done'
    },
    inLedger: inTransaction(inLedger),
  })

  const dated = <Each extends Move>(moves: readonly Each[]): (Each & Move)[] =>
    moves.map((move) =>
      move.datedSeconds === undefined || move.happenedAt !== undefined
        ? move
        : { ...move, happenedAt: clock.now().getTime() + move.datedSeconds * 1000 },
    )

  const request = (id: Uuid, { debit, credit, amount, happenedAt }: Move) => ({
    id,
    debitAccountId: model().accounts[debit]!.id,
    creditAccountId: model().accounts[credit]!.id,
    amountMinor: amount,
    currency: model().accounts[debit]!.currency,
    kind: 'test',
    reference: 'TN-TEST-0001',
    effectiveAt: happenedAt === undefined ? undefined : new Date(happenedAt),
  })

  const order = (
    legIds: readonly [Uuid, Uuid],
    { from, to, amount, rate }: NonNullable<Asked['exchange']>,
  ): ExchangeOrder => ({
    legIds,
    fromAccountId: model().accounts[from]!.id,
    toAccountId: model().accounts[to]!.id,
    sold: { amountMinor: amount, currency: model().accounts[from]!.currency },
    boughtCurrency: model().accounts[to]!.currency,
    rate: { ...rate, source: 'test' },
    kind: 'test',
    reference: 'TF-TEST-0001',
  })

  const reversal = (id: Uuid, { which, amount, from }: NonNullable<Asked['reverse']>) => ({
    id,
    transferId: model().transfers[which]!.id,
    amountMinor: amount,
    kind: 'refund',
    reference: 'RF-TEST-0001',
    from: from === undefined ? undefined : model().accounts[from]!.id,
  })

  /** Until when is settled when it is asked for. */
  const until = (lastsSeconds: number | undefined): number | undefined =>
    lastsSeconds === undefined ? undefined : clock.now().getTime() + lastsSeconds * 1000

  const holdRequest = (id: Uuid, { expiresAt, ...hold }: Move & { expiresAt?: number | undefined }) => ({
    ...request(id, hold),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  })

  function posting(how: 'post' | 'postLinked', given: readonly Move[]): Act {
    const moves = dated(given)
    const ids = moves.map(() => uuidv7())
    const requests = moves.map((each, index) => request(ids[index]!, each))
    return act(
      `${how} ${moves.map(({ debit, credit, amount }) => `${debit} -> ${credit} ${amount}`).join(', ')}`,
      (next, now) => naive.post(next, moves, ids, now),
      (tx) => ledger[how](tx, requests),
    )
  }

  return {
    post: (moves) => posting('post', moves),
    postLinked: (moves) => posting('postLinked', moves),

    freeze: (which, frozen) =>
      act(
        `freeze ${which} ${frozen}`,
        (next) => naive.freeze(next, which, frozen),
        (tx) => ledger.freeze(tx, model().accounts[which]!.id, frozen),
      ),

    close: (which) =>
      act(
        `close ${which}`,
        (next) => naive.close(next, which),
        (tx) => ledger.close(tx, model().accounts[which]!.id),
      ),

    empty(which) {
      const { balance, held, currency } = model().accounts[which]!
      const free = balance - held
      const house = currency === 'USD' ? 4 : 0
      if (which === house || free <= 0n) return undefined
      return posting('post', [{ debit: which, credit: house, amount: free }])
    },

    place(wanted) {
      const holds = wanted.map(({ lastsSeconds, ...each }) => ({
        ...each,
        id: uuidv7(),
        expiresAt: until(lastsSeconds),
      }))
      const requests = holds.map((hold) => holdRequest(hold.id, hold))
      return act(
        `place ${holds.map(({ debit, credit, amount }) => `${debit} -> ${credit} ${amount}`).join(', ')}`,
        (next) => naive.place(next, holds),
        (tx) => ledger.placeHolds(tx, requests),
      )
    },

    postHold(any, part, last) {
      const { holds } = model()
      if (holds.length === 0) return undefined
      const which = any % holds.length
      const id = uuidv7()
      const holdId = holds[which]!.id
      const amount = part === undefined ? {} : { amountMinor: part }
      return act(
        `postHold ${which} ${part ?? 'all'}${last ? ' last' : ''}`,
        (next, now) => {
          try {
            naive.postHold(next, { which, part, last }, id, now)
          } catch (error) {
            // Who posts a hold hears of a closed account as he hears of a closed hold.
            if (error instanceof naive.No && error.verdict === 'account_closed')
              throw new naive.No('hold_closed')
            throw error
          }
        },
        (tx) => ledger.postHold(tx, { holdId, transferId: id, ...amount, last, kind: 'test' }),
      )
    },

    voidHold(any) {
      const { holds } = model()
      if (holds.length === 0) return undefined
      const which = any % holds.length
      const holdId = holds[which]!.id
      return act(
        `void ${which}`,
        (next) => naive.endHold(next, next.holds[which]!, 'voided'),
        (tx) => ledger.voidHold(tx, holdId),
      )
    },

    expire: () =>
      act(
        'expire',
        (next, now) => (naive.expire(next, now) > 0 ? 'expired' : 'done'),
        async (tx) => ((await ledger.expireHolds(tx, 1000)) > 0 ? 'expired' : 'done'),
      ),

    reverse(any, amount, from) {
      const { transfers } = model()
      if (transfers.length === 0) return undefined
      const which = any % transfers.length
      const wanted = reversal(uuidv7(), { which, amount, from })
      return act(
        `reverse ${which} ${amount}${from === undefined ? '' : ` from ${from}`}`,
        (next, now) => naive.reverse(next, { which, amount, from, id: wanted.id }, now),
        (tx) => ledger.reverse(tx, wanted),
      )
    },

    exchange(asked) {
      const legIds = [uuidv7(), uuidv7()] as const
      return act(
        `exchange ${asked.from} -> ${asked.to} ${asked.amount} at ${asked.rate.numerator}/${asked.rate.denominator}`,
        (next, now) => naive.exchange(next, asked, legIds, now),
        (tx) => ledger.exchange(tx, order(legIds, asked)),
      )
    },

    newestHold: () => Math.max(0, model().holds.length - 1),

    submit({ owner, key, again, ...given }: KeyedAsk, which: number = submissions++) {
      const earlier = again === undefined ? undefined : submitted[again % Math.max(1, submitted.length)]
      const command = earlier ?? settle(owner, key, given)
      if (!command) return undefined
      if (!earlier) submitted.push(command)
      const { asked } = command
      const ids = [uuidv7(), uuidv7(), ...(asked.moves ?? []).slice(2).map(() => uuidv7())]
      if (!keys.has(command.key)) keys.set(command.key, uuidv7())
      const keyed = { ownerId: model().accounts[command.owner]!.id, key: keys.get(command.key)! }
      const ask = asking(queues[which % queues.length]!, keyed, asked, ids)
      const place = `${command.owner} ${command.key}`
      return {
        name: `submit ${place} ${JSON.stringify(asked, (_name, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}`,
        inModel: (next, now) => `${naive.submit(next, place, asked, ids, now)} under a key`,
        inLedger: async () => {
          try {
            const { outcome, id, boughtMinor } = await ask()
            return [outcome, id, boughtMinor, 'under a key'].filter((part) => part !== undefined).join(' ')
          } catch (error) {
            if (error instanceof Refusal) return error.code
            throw error
          }
        },
      }
    },
  }

  /** Everything that a world knows is read now; the command itself is made anew for each try. */
  function asking(
    queue: TransferQueue,
    keyed: Keyed,
    { moves = [], hold, place, voids, reverse, exchange }: Asked,
    ids: readonly Uuid[],
  ): () => Promise<KeyedAnswer> {
    const { accounts, holds } = model()
    const [id, secondId] = ids as [Uuid, Uuid]
    if (place) {
      const wanted = holdRequest(id, place)
      return () => queue.placeHold({ ...keyed, hold: wanted })
    }
    if (voids) {
      const holdId = holds[voids.which]!.id
      return () => queue.voidHold({ ...keyed, holdId })
    }
    if (reverse) {
      const wanted = reversal(id, reverse)
      return () => queue.reverse({ ...keyed, reversal: wanted })
    }
    if (exchange) {
      const wanted = order([id, secondId], exchange)
      return () => queue.exchange({ ...keyed, order: wanted })
    }
    if (!hold) {
      const transfers = moves.map((each, index) => request(ids[index]!, each))
      return async () => ({ outcome: await queue.submit({ ...keyed, transfers }) })
    }
    const { id: holdId, debit, credit } = holds[hold.which]!
    const part = {
      holdId,
      transferId: id,
      ...(hold.part === undefined ? {} : { amountMinor: hold.part }),
      last: hold.last,
      kind: 'test',
      accountIds: [accounts[debit]!.id, accounts[credit]!.id] as const,
    }
    return async () => ({ outcome: await queue.submit({ ...keyed, hold: part }) })
  }

  /** Which hold is meant, and until when, is settled when the command is made: the same command means the same for ever. */
  function settle(
    owner: number,
    key: number,
    { moves, hold, place, voids, reverse, exchange }: Asked,
  ): { owner: number; key: number; asked: Asked } | undefined {
    const { holds, transfers } = model()
    const asked = (one: Asked) => ({ owner, key, asked: one })
    const among = <Meant extends { which: number }>(meant: Meant, all: readonly unknown[]) =>
      all.length === 0 ? undefined : { ...meant, which: meant.which % all.length }
    if (hold) {
      const meant = among(hold, holds)
      return meant && asked({ hold: meant })
    }
    if (voids) {
      const meant = among(voids, holds)
      return meant && asked({ voids: meant })
    }
    if (reverse) {
      const meant = among(reverse, transfers)
      return meant && asked({ reverse: meant })
    }
    if (place) return asked({ place: { ...place, expiresAt: until(place.lastsSeconds) } })
    if (exchange) return asked({ exchange })
    return asked({ moves: dated(moves ?? []) })
  }
}
