// The diagnosis of every kind and state: golden cases, and over random traces that it never says what the hops do not.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Choice, Diagnosis } from '#contract/diagnosis.ts'
import type { RefundFacts } from '#contract/refund.ts'
import type { Hop, TransactionDetail } from '#contract/trace.ts'
import { diagnose, maximumChoices } from './diagnose.rules.ts'
import { failureGroups } from './failure.rules.ts'
import { randomDetail } from './random-detail-for-tests.ts'

const asOf = '2026-11-20T06:00:00.000Z'
const past = '2026-11-20T05:42:07.000Z'
const soon = '2026-11-20T07:42:07.000Z'
const amount = { amountMinor: '34900000', currency: 'IDR' } as const
const shop = 'Surya Elektronik'

const done = (key: Hop['key'], at = past): Hop => ({ key, state: 'done', at })
const payment = (change: Partial<TransactionDetail> = {}): TransactionDetail => ({
  reference: 'TN-7Q2M-93TD',
  kind: 'payment',
  state: 'unknown',
  party: { name: shop },
  amount: { amountMinor: '-34900000', currency: 'IDR' },
  effectiveAt: past,
  sentence: 'x',
  hops: [done('authorised'), done('posted')],
  canCancel: false,
  asOf,
  ...change,
})
const telling = (change: Partial<Hop> = {}, more: Partial<TransactionDetail> = {}) =>
  payment({
    hops: [
      done('authorised'),
      done('posted'),
      { key: 'shop_told', state: 'stuck', owner: 'shop', tries: 3, ...change },
      { key: 'shop_credited', state: 'todo' },
      { key: 'settled', state: 'todo' },
    ],
    canAskShopAgain: true,
    canAskMoneyBack: true,
    ...more,
  })
const credited = (more: Partial<TransactionDetail> = {}) =>
  payment({
    state: 'completed',
    hops: [done('authorised'), done('posted'), done('shop_told'), done('shop_credited')],
    ...more,
  })
const topUp = (hops: Hop[], more: Partial<TransactionDetail> = {}) =>
  payment({
    reference: 'TP-7Q2M-93TD',
    kind: 'top_up',
    party: { name: 'Bank Nusa' },
    amount,
    hops,
    ...more,
  })
const refund = (facts: Partial<RefundFacts>, hops: Hop[] = []) =>
  payment({
    reference: 'RF-7Q2M-93TD',
    kind: 'refund',
    amount,
    hops,
    refund: {
      payment: 'TN-7Q2M-93TD',
      state: 'asking_shop',
      amount,
      paid: { amountMinor: '99900000', currency: 'IDR' },
      reason: 'shop_has_nothing',
      askedBy: 'customer',
      askedAt: past,
      canWithdraw: false,
      ...facts,
    },
  })

const keys = (diagnosis: Diagnosis) => diagnosis.facts.map((fact) => fact.key)
type Golden = [string, TransactionDetail, string[], Diagnosis['byItself'], string[], TransactionDetail[]?]

const golden: Golden[] = [
  [
    'the shop is silent and the money goes back by itself',
    telling({ untilAt: soon, then: 'refunded', nextTryAt: soon }),
    ['taken_once', 'shop_not_told', 'money_waits_for_shop', 'next_try'],
    { key: 'money_returns', at: soon, values: { amount } },
    ['wait_with_notice', 'ask_shop_again', 'ask_money_back', 'person'],
  ],
  [
    'the shop answers with an error, above the limit',
    telling({ untilAt: soon, then: 'staff_decides', evidence: [{ kind: 'http_status', value: '503' }] }),
    ['taken_once', 'shop_not_told_status', 'money_waits_for_shop'],
    { key: 'staff_decides', at: soon },
    ['wait_with_notice', 'ask_shop_again', 'ask_money_back', 'person'],
  ],
  [
    'a deadline that is over is not promised',
    telling({ untilAt: past, then: 'refunded', nextTryAt: past }),
    ['taken_once', 'shop_not_told', 'money_waits_for_shop'],
    { key: 'money_returns_now', values: { amount } },
    ['wait_with_notice', 'ask_shop_again', 'ask_money_back', 'person'],
  ],
  [
    'staff decide now',
    telling({ untilAt: past, then: 'staff_decides' }, { canAskShopAgain: false, canAskMoneyBack: false }),
    ['taken_once', 'shop_not_told', 'money_waits_for_shop'],
    { key: 'staff_decides_now' },
    ['wait_with_notice', 'person'],
  ],
  [
    'just paid, the shop is being told',
    telling({ state: 'now', tries: 0, owner: 'tuntas' }, { canAskShopAgain: false }),
    ['taken_once', 'shop_being_told', 'money_waits_for_shop'],
    undefined,
    ['wait_with_notice', 'ask_money_back', 'person'],
  ],
  [
    'the shop has it',
    credited({ canAskMoneyBack: true }),
    ['taken_once', 'shop_told', 'shop_credited'],
    undefined,
    ['ask_money_back', 'person'],
  ],
  [
    'the shop has it, and a refund is open',
    credited(),
    ['taken_once', 'shop_told', 'shop_credited', 'refund_is_open'],
    undefined,
    ['wait_with_notice', 'person'],
    [refund({})],
  ],
  [
    'given back',
    payment({
      state: 'refunded',
      hops: [done('posted'), { key: 'shop_told', state: 'failed', tries: 5 }, done('returned')],
    }),
    ['taken_once', 'shop_not_told', 'given_back'],
    undefined,
    ['person'],
  ],
  [
    'given back by a refund of all of it: said once, with its reference',
    payment({
      state: 'refunded',
      hops: [done('posted'), { key: 'shop_told', state: 'failed', tries: 5 }, done('returned')],
    }),
    ['taken_once', 'shop_not_told', 'refund_was_paid'],
    undefined,
    ['person'],
    [refund({ state: 'paid' }, [done('paid_back')])],
  ],
  [
    'failed: nothing was taken',
    payment({
      state: 'failed',
      hops: [
        { key: 'authorised', state: 'failed', at: past },
        { key: 'posted', state: 'todo' },
      ],
      failure: { code: 'insufficient_funds' },
    }),
    ['nothing_taken', 'because_balance'],
    undefined,
    ['person'],
  ],
  [
    'a top-up that arrived',
    topUp([done('bank_received'), done('credited')]),
    ['bank_sent', 'top_up_arrived'],
    undefined,
    ['person'],
  ],
  [
    'a top-up that is held',
    topUp([done('bank_received'), { key: 'credited', state: 'stuck', then: 'staff_decides' }], {
      state: 'held',
      failure: { code: 'balance_limit' },
    }),
    ['bank_sent', 'top_up_held', 'because_full'],
    { key: 'staff_decides_now' },
    ['wait_with_notice', 'person'],
  ],
  [
    'a top-up that the bank has not sent',
    topUp([{ key: 'bank_received', state: 'now', owner: 'bank' }]),
    ['top_up_pending'],
    undefined,
    ['wait_with_notice', 'person'],
  ],
  [
    'a refund that the shop is asked for',
    refund({ canWithdraw: true, promisedBy: soon }, [
      { key: 'shop_answered', state: 'now', owner: 'shop', untilAt: soon, then: 'staff_decides' },
    ]),
    ['refund_asked', 'refund_asking_shop', 'refund_promised'],
    { key: 'refund_staff_decides', at: soon },
    ['wait_with_notice', 'withdraw_refund', 'person'],
  ],
  [
    'a refund that is late',
    refund({ state: 'in_review', shopAnswer: 'refused', promisedBy: past }, [
      { key: 'reviewed', state: 'now' },
    ]),
    ['refund_asked', 'refund_shop_refused', 'refund_in_review', 'refund_late'],
    { key: 'refund_decided_soon' },
    ['wait_with_notice', 'person'],
  ],
  [
    'a refund that waits for the shop’s money',
    refund({ state: 'waiting_for_funds', shopAnswer: 'agreed' }, [{ key: 'funds_found', state: 'now' }]),
    ['refund_asked', 'refund_shop_agreed', 'refund_waiting_for_funds'],
    { key: 'refund_pays_itself', values: { amount } },
    ['wait_with_notice', 'person'],
  ],
  [
    'a refund for which the wallet has no room',
    refund({ state: 'waiting_for_funds', waitingFor: 'wallet_room' }, [
      { key: 'wallet_takes', state: 'now' },
    ]),
    ['refund_asked', 'refund_waiting_for_room'],
    { key: 'refund_comes_with_room', values: { amount } },
    ['wait_with_notice', 'person'],
  ],
  [
    'a refund for a wallet that takes nothing in',
    refund({ state: 'waiting_for_funds', waitingFor: 'wallet_stopped' }, [
      { key: 'wallet_takes', state: 'stuck', owner: 'staff', untilAt: soon, then: 'staff_decides' },
    ]),
    ['refund_asked', 'refund_waiting_for_wallet'],
    { key: 'refund_comes_with_wallet', values: { amount } },
    ['wait_with_notice', 'person'],
  ],
  [
    'a refund that was paid',
    refund({ state: 'paid', askedBy: 'shop' }, [done('paid_back')]),
    ['refund_asked_by_shop', 'refund_paid'],
    undefined,
    ['person'],
  ],
  ...(['declined', 'withdrawn', 'overtaken'] as const).map((state): Golden => [
    `a refund that was ${state}`,
    refund({ state, askedBy: 'agent' }),
    ['refund_asked_by_us', `refund_${state}`],
    undefined,
    ['person'],
  ]),
]

describe('golden cases', () => {
  test.each(golden)('%s', (_name, detail, facts, byItself, choices, refunds = []) => {
    const diagnosis = diagnose(detail, refunds)
    expect(keys(diagnosis)).toEqual(facts)
    expect(diagnosis.byItself).toEqual(byItself)
    expect(diagnosis.choices).toEqual(choices)
  })

  test('the first thing said of a stuck payment is that the money is not lost, how much, and when', () => {
    expect(diagnose(telling()).facts[0]).toEqual({ key: 'taken_once', values: { amount, at: past } })
  })
})

test('a refund that was overtaken says how much came back with its payment, and when', () => {
  const cameBack = { amount: { amountMinor: '20000000', currency: 'IDR' as const }, at: past }
  expect(diagnose(refund({ state: 'overtaken', cameBack })).facts.at(-1)).toEqual({
    key: 'refund_overtaken',
    values: cameBack,
  })
})

test('a refund says what comes back, not what was paid', () => {
  const paid = diagnose(refund({ state: 'paid' }, [done('paid_back')]))
  expect(paid.facts.at(-1)).toEqual({ key: 'refund_paid', values: { amount, at: past } })
  expect(
    diagnose(credited(), [refund({ state: 'paid' }, [done('paid_back')])]).facts.at(-1)!.values,
  ).toMatchObject({
    amount,
  })
})

describe('over random traces', () => {
  /** What is wrong with the smallest trace for which `judge` finds anything; nothing when there is none. */
  function wrongOverAll(judge: (detail: TransactionDetail, diagnosis: Diagnosis) => unknown[]): unknown[] {
    const isRight = (detail: TransactionDetail) => judge(detail, diagnose(detail)).length === 0
    const { counterexample } = fc.check(fc.property(randomDetail, isRight), { numRuns: 2000 })
    return (counterexample ?? []).flatMap((detail) => [detail, ...judge(detail, diagnose(detail))])
  }
  const isDone = (detail: TransactionDetail, key: string) =>
    detail.hops.find((hop) => hop.key === key)?.state === 'done'

  test('a person is always the last of at most four different choices, and each is allowed by the facts', () => {
    const wrong = wrongOverAll((detail, { choices }) => {
      const allowed: Partial<Record<Choice, boolean | undefined>> = {
        ask_shop_again: detail.canAskShopAgain,
        ask_money_back: detail.canAskMoneyBack,
        withdraw_refund: detail.refund?.canWithdraw,
      }
      return [
        ...choices.filter((choice) => choice in allowed && allowed[choice] !== true),
        ...(choices.at(-1) === 'person' ? [] : ['no person']),
        ...(choices.length <= maximumChoices && new Set(choices).size === choices.length ? [] : [choices]),
      ]
    })
    expect(wrong).toEqual([])
  })

  /** What a fact says, and the hop that must be done, or must not be, for it to be true. */
  const needs: Record<string, [hop: string, isDone: boolean]> = {
    taken_once: ['posted', true],
    nothing_taken: ['posted', false],
    shop_told: ['shop_told', true],
    shop_told_sometime: ['shop_told', true],
    shop_credited: ['shop_credited', true],
    shop_paid_out: ['settled', true],
    shop_not_told: ['shop_told', false],
    shop_not_told_status: ['shop_told', false],
    shop_being_told: ['shop_told', false],
    money_waits_for_shop: ['shop_credited', false],
    given_back: ['returned', true],
    bank_sent: ['bank_received', true],
    top_up_pending: ['bank_received', false],
    top_up_arrived: ['credited', true],
    top_up_held: ['credited', false],
    top_up_sent_back: ['sent_back', true],
  }
  test('no fact contradicts the hops', () => {
    const wrong = wrongOverAll((detail, { facts }) => {
      const tries = detail.hops.find(({ key }) => key === 'shop_told')?.tries
      return facts.filter(({ key, values }) => {
        const [hop, mustBeDone] = needs[key] ?? []
        if (hop && isDone(detail, hop) !== mustBeDone) return true
        return values?.['tries'] !== undefined && values['tries'] !== tries
      })
    })
    expect(wrong).toEqual([])
  })

  test('something is always said, and nothing of the past is promised', () => {
    const wrong = wrongOverAll((detail, { facts, byItself }) => {
      const isOver = (time: unknown) => Date.parse(String(time)) <= Date.parse(detail.asOf)
      return [
        ...facts.filter(
          ({ key, values }) => ['next_try', 'refund_promised'].includes(key) && isOver(values!['at']),
        ),
        ...(byItself?.at && isOver(byItself.at) ? [byItself] : []),
        ...(facts.length > 0 ? [] : ['nothing']),
      ]
    })
    expect(wrong).toEqual([])
  })

  test.each(['en', 'id', 'zh'])(
    'everything that is said has words in %s, with the values that they take',
    (language) => {
      const file = new URL(`../../../web/ui/locales/${language}.json`, import.meta.url)
      const words = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
      /** Values that the words take and are not given, or the id when there are no words. */
      const missing = (id: string, values: Record<string, unknown> = {}): string[] => {
        if (!words[id]) return [id]
        const taken = [...words[id].matchAll(/(?<!one |other )\{(\w+)/g)].map(([, name]) => name!)
        return taken.filter((name) => values[name] === undefined).map((name) => `${id} {${name}}`)
      }
      const missingOf = ({ facts, byItself, choices }: Diagnosis) => [
        ...facts.flatMap((fact) => missing(`diagnosis.fact.${fact.key}`, fact.values)),
        ...(byItself
          ? missing(`diagnosis.by_itself.${byItself.key}`, { ...byItself.values, at: byItself.at })
          : []),
        ...choices.flatMap((choice) => missing(`diagnosis.choice.${choice}`)),
      ]
      expect(golden.flatMap(([, detail, , , , refunds]) => missingOf(diagnose(detail, refunds)))).toEqual([])
      expect(
        [...failureGroups, 'other'].flatMap((group) => missing(`diagnosis.fact.because_${group}`)),
      ).toEqual([])
      expect(wrongOverAll((_detail, diagnosis) => missingOf(diagnosis))).toEqual([])
    },
  )
})
