// What is no command is refused in words: no effect, nothing remembered, and the others of its batch go through.
import { describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Refusal } from '#platform/refusal.ts'
import { createTransferQueue, type ExchangeOrder, type NewHold, type Reversal } from './index.ts'
import { balance, bank, ledger, platform, queue, transfer, useQueues, wallet } from './queue-for-tests.ts'

useQueues()

describe('a command that is none', () => {
  it.each([
    ['a number', 5],
    ['a fraction', 0.5],
    ['a text', '5'],
    ['nothing', undefined],
    ['zero', 0n],
    ['below zero', -1n],
    ['above int8', 2n ** 63n],
  ])(
    'with an amount that is %s is refused in words, has no effect, and its key is free',
    async (_what, amount) => {
      const amountMinor = amount as bigint
      const keyed = { ownerId: wallet, key: uuidv7() }
      const pay = transfer(bank, wallet, 20n)
      await queue.submit({ ...keyed, key: uuidv7(), transfers: [pay] })
      const hold = { ...transfer(wallet, bank, 5n) }
      await platform.db.transaction((tx) => ledger.placeHolds(tx, [hold]))
      const part = {
        holdId: hold.id,
        transferId: uuidv7(),
        kind: 'test',
        accountIds: [wallet, bank] as const,
      }
      const order = {
        fromAccountId: wallet,
        toAccountId: bank,
        sold: { amountMinor, currency: 'IDR' as const },
        boughtCurrency: 'SGD' as const,
        rate: { numerator: 1n, denominator: 1n, source: 'test' },
        kind: 'exchange',
        reference: 'TF-TEST-0001',
      }
      const one = { ...order, sold: { ...order.sold, amountMinor: 1n } }
      const back = {
        id: uuidv7(),
        transferId: pay.id,
        amountMinor,
        kind: 'refund',
        reference: 'RF-TEST-0001',
      }
      for (const ask of [
        () => queue.submit({ ...keyed, transfers: [transfer(bank, wallet, amountMinor)] }),
        () =>
          queue.submit({
            ...keyed,
            transfers: [transfer(bank, wallet, 1n), transfer(wallet, bank, amountMinor)],
          }),
        () => queue.placeHold({ ...keyed, hold: { ...hold, id: uuidv7(), amountMinor } }),
        () => queue.reverse({ ...keyed, reversal: back }),
        () => queue.exchange({ ...keyed, order }),
        () => queue.exchange({ ...keyed, order: { ...one, rate: { ...one.rate, numerator: amountMinor } } }),
        () =>
          queue.exchange({ ...keyed, order: { ...one, rate: { ...one.rate, denominator: amountMinor } } }),
        // Left out, it is all that remains.
        ...(amount === undefined ? [] : [() => queue.submit({ ...keyed, hold: { ...part, amountMinor } })]),
      ])
        await expect(ask()).rejects.toMatchObject({ name: 'Refusal', code: 'validation_failed' })
      expect(await balance(wallet)).toBe(20n)
      expect(await queue.submit({ ...keyed, transfers: [transfer(bank, wallet, 1n)] })).toBe('posted')
    },
  )

  it('with an id that looks like one is refused alone: whoever shares its batch is answered', async () => {
    const pay = () => transfer(bank, wallet, 1n)
    const wrong = `${uuidv7().slice(0, 35)}x`
    const submit = (more: object) =>
      queue.submit({ ownerId: wallet, key: uuidv7(), transfers: [pay()], ...more })
    const answers = await Promise.allSettled([
      submit({}),
      submit({ key: wrong }),
      submit({ transfers: [{ ...pay(), id: wrong }] }),
      submit({ transfers: [{ ...pay(), creditAccountId: wrong }] }),
      submit({}),
    ])
    expect(
      answers.map((answer) =>
        answer.status === 'fulfilled' ? answer.value : (answer.reason as Refusal).code,
      ),
    ).toEqual(['posted', 'validation_failed', 'validation_failed', 'validation_failed', 'posted'])
    expect(await balance(wallet)).toBe(2n)
  })

  it('an order, a hold or a reversal that is none is refused before it comes to a batch', async () => {
    const keyed = { ownerId: wallet, key: uuidv7() }
    const order: ExchangeOrder = {
      fromAccountId: wallet,
      toAccountId: bank,
      sold: { amountMinor: 5n, currency: 'IDR' },
      boughtCurrency: 'SGD',
      rate: { numerator: 1n, denominator: 1n, source: 'test' },
      kind: 'exchange',
      reference: 'TF-TEST-0001',
    }
    const hold: NewHold = { ...transfer(wallet, bank, 5n) }
    const reversal: Reversal = { ...transfer(wallet, bank, 5n), transferId: uuidv7() }
    const noTime = new Date(Number.NaN)
    const noCurrency = 'XXX' as 'USD'
    const noBatch = { ...platform.db, dedicated: () => Promise.reject(new Error('it came to a batch')) }
    const own = createTransferQueue({ db: noBatch, clock: platform.clock }, ledger)
    const asked: [string, () => Promise<unknown>][] = [
      ...(
        [
          ['currency_not_supported', { sold: { amountMinor: 5n, currency: noCurrency } }],
          ['currency_not_supported', { boughtCurrency: noCurrency }],
          ['currency_not_supported', { boughtCurrency: 'IDR' }],
          ['validation_failed', { legIds: [uuidv7(), 'it'] }],
          ['validation_failed', { fromAccountId: 'it' }],
          ['validation_failed', { toAccountId: 'it' }],
          ['validation_failed', { rate: { ...order.rate, source: '' } }],
          // Buys nothing, and more than there is.
          ['validation_failed', { rate: { ...order.rate, denominator: 6n } }],
          ['validation_failed', { rate: { ...order.rate, numerator: 2n ** 62n } }],
          ['validation_failed', { kind: '' }],
          ['validation_failed', { reference: '' }],
          ['validation_failed', { effectiveAt: noTime }],
        ] as [string, Partial<ExchangeOrder>][]
      ).map(
        ([code, more]) =>
          [code, () => own.exchange({ ...keyed, order: { ...order, ...more } })] as [
            string,
            () => Promise<unknown>,
          ],
      ),
      ...(
        [
          { id: 'it' },
          { debitAccountId: 'it' },
          { creditAccountId: 'it' },
          { reference: '\0' },
          { expiresAt: noTime },
        ] as Partial<NewHold>[]
      ).map(
        (more) =>
          ['validation_failed', () => own.placeHold({ ...keyed, hold: { ...hold, ...more } })] as [
            string,
            () => Promise<unknown>,
          ],
      ),
      ...(
        [
          { id: 'it' },
          { transferId: 'it' },
          { from: 'it' },
          { kind: '' },
          { reference: '' },
          { effectiveAt: noTime },
        ] as Partial<Reversal>[]
      ).map(
        (more) =>
          ['validation_failed', () => own.reverse({ ...keyed, reversal: { ...reversal, ...more } })] as [
            string,
            () => Promise<unknown>,
          ],
      ),
    ]
    for (const [place, [code, ask]] of asked.entries())
      await expect(ask(), `${place}`).rejects.toMatchObject({ name: 'Refusal', code })
  })

  it('asks for nothing, for two things, or with an id, a text or a time that is none', async () => {
    const keyed = { ownerId: wallet, key: uuidv7() }
    const pay = () => transfer(bank, wallet, 1n)
    for (const command of [
      keyed,
      { ...keyed, transfers: [] },
      { ...keyed, key: 'again', transfers: [pay()] },
      { ...keyed, ownerId: '', transfers: [pay()] },
      { ...keyed, transfers: [{ ...pay(), id: '1' }] },
      { ...keyed, transfers: [{ ...pay(), debitAccountId: "'; --" }] },
      { ...keyed, transfers: [{ ...pay(), creditAccountId: undefined as unknown as string }] },
      { ...keyed, transfers: [{ ...pay(), reversalOf: 'it' }] },
      { ...keyed, transfers: [{ ...pay(), reference: 'TN\0' }] },
      { ...keyed, transfers: [{ ...pay(), reference: '' }] },
      { ...keyed, transfers: [{ ...pay(), kind: 'x'.repeat(201) }] },
      { ...keyed, transfers: [{ ...pay(), effectiveAt: new Date('no day') }] },
      { ...keyed, transfers: [{ ...pay(), effectiveAt: new Date(8.6e15) }] },
    ])
      await expect(queue.submit(command)).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(queue.voidHold({ ...keyed, holdId: 'it' })).rejects.toMatchObject({
      code: 'validation_failed',
    })
    expect(await balance(wallet)).toBe(0n)
    expect(await queue.submit({ ...keyed, transfers: [{ ...pay(), kind: 'x'.repeat(200) }] })).toBe('posted')
  })
})
