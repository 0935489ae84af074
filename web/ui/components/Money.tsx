// An amount on screen. It never wraps and is never cut; screen readers get it in words.

import { formatMoney, moneyInWords, signOf, type MoneyValue, type Sign } from '../format/money.ts'
import { useLanguage } from '../language.ts'

export type MoneyProps = {
  /** The contract's money: Rp 125.000 is `{ amountMinor: "12500000", currency: "IDR" }`. */
  amount: MoneyValue
  sign?: Sign
  /** For an amount that is not settled yet. */
  muted?: boolean
  /** Type step of tokens.css; without it the amount takes the size around it. */
  size?: 13 | 14 | 16 | 18 | 22 | 28 | 36 | 48
  className?: string
}

export function Money({ amount, sign = 'auto', muted, size, className = '' }: MoneyProps) {
  const language = useLanguage()
  const incoming = signOf(amount, sign) === '+' && !muted
  const classes = ['money', size && `t${size}`, muted && 'mute', incoming && 'money-in', className]
    .filter(Boolean)
    .join(' ')
  return (
    <span className={classes}>
      <span aria-hidden="true">{formatMoney(amount, { sign, language })}</span>
      <span className="sr">{moneyInWords(amount, { sign, language })}</span>
    </span>
  )
}
