// What can be done with money that waits for a place, and its facts row by row. Pure: facts in, words out.

import type { HeldTopUp, RefusedPayOut } from '../../../contract/decisions.ts'
import { formatMoney, formatTime, hasText, type Language } from '../../ui/index.ts'
import { t, type MessageId } from '../texts.ts'

export type PlaceWay = 'credit' | 'return' | 'retry' | 'use_account' | 'hold'

/** The last one is the first choice. */
export function topUpWays({ state, proposed, cannotCredit, canReturn }: HeldTopUp): PlaceWay[] {
  if (state !== 'suspended' || proposed) return []
  return [...(canReturn ? ['return' as const] : []), ...(cannotCredit ? [] : ['credit' as const])]
}

export function payOutWays({ open, onHold, escalated, newAccount }: RefusedPayOut): PlaceWay[] {
  if (!open) return []
  // Stopped for longer than was meant: keeping it so is a decision again.
  return [
    ...(onHold && !escalated ? [] : ['hold' as const]),
    'retry',
    ...(newAccount ? ['use_account' as const] : []),
  ]
}

export type FactRow = { key: string; name: string; text: string }

const worded = (id: string, otherwise: string): string => (hasText(id) ? t(id as MessageId) : otherwise)
const row = (key: string, text: string | undefined): FactRow[] =>
  text ? [{ key, name: t(`place.fact.${key}` as MessageId), text }] : []

export function topUpRows(facts: HeldTopUp, language: Language, now: number): FactRow[] {
  const { sender, wallet } = facts
  const amount = (of: HeldTopUp['amount']) => formatMoney(of, { language })
  return [
    ...row('why', worded(`decision.why.${facts.why}`, facts.why)),
    ...row('state', worded(`place.state.${facts.state}`, facts.state)),
    ...row('received', formatTime(facts.receivedAt, { language, now })),
    ...row('from', [facts.bankName, facts.bankReference].filter(Boolean).join(' · ')),
    ...(sender
      ? row(
          'sender',
          `${sender.name} · ${sender.bankCode} ${sender.account} · ${t(sender.isCustomer ? 'place.sender.same' : 'place.sender.other')}`,
        )
      : row('sender', t('place.sender.unknown'))),
    ...row('wallet', worded(`wallet.status.${wallet.status}`, wallet.status)),
    ...row('balance', amount(wallet.balance)),
    ...row('room', amount(wallet.room)),
    ...row(
      'cannot_credit',
      facts.cannotCredit && worded(`decision.why.${facts.cannotCredit}`, facts.cannotCredit),
    ),
    ...row('refusal', facts.refusal),
  ]
}

export function payOutRows(facts: RefusedPayOut, language: Language, now: number): FactRow[] {
  const { account, newAccount } = facts
  return [
    ...row('refusal', facts.refusal),
    ...row('refused_at', facts.refusedAt && formatTime(facts.refusedAt, { language, now })),
    ...row('in_a_row', String(facts.refusedInARow)),
    ...row('account', `${account.name} · ${account.bankCode} ${account.account}`),
    ...row(
      'new_account',
      newAccount &&
        `${newAccount.name} · ${newAccount.bankCode} ${newAccount.account} · ${formatTime(newAccount.givenAt, { language, now })}`,
    ),
    ...row('owed', formatMoney(facts.owed, { language })),
    ...row('on_hold', facts.onHold ? t('place.on_hold') : undefined),
  ]
}
