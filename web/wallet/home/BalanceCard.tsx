// The balance on its stage, with the ledge of what can be done. It says of when it is and that it was read
// from the ledger; a change of money is read out, once.

import {
  Eye,
  EyeOff,
  Lock,
  MessageCircleQuestion,
  Plus,
  ReceiptText,
  ShieldCheck,
  Store,
  WifiOff,
  type LucideIcon,
} from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { A, Icon, Money, formatMoney, formatTime, moneyInWords, useLanguage } from '../../ui/index.ts'
import type { Wallet } from '../data/types.ts'
import { t } from '../texts.ts'

const hiddenKey = 'tuntas.balance-hidden'
const ways: {
  href: string
  icon: LucideIcon
  text: 'ledge.top_up' | 'ledge.pay' | 'ledge.history' | 'ledge.help'
}[] = [
  { href: '/top-up', icon: Plus, text: 'ledge.top_up' },
  { href: '/pay', icon: Store, text: 'ledge.pay' },
  { href: '/history', icon: ReceiptText, text: 'ledge.history' },
  { href: '/help', icon: MessageCircleQuestion, text: 'ledge.help' },
]

function useHidden(): [boolean, (hidden: boolean) => void] {
  const [hidden, setHidden] = useState(() => localStorage.getItem(hiddenKey) === 'yes')
  return [
    hidden,
    (next) => {
      setHidden(next)
      localStorage.setItem(hiddenKey, next ? 'yes' : 'no')
    },
  ]
}

/** "Balance now 1,284,500 rupiah", when it changed while the page was open. */
function useChangeInWords(wallet: Wallet): string {
  const before = useRef(wallet.spendable.amountMinor)
  const [words, setWords] = useState('')
  useEffect(() => {
    if (before.current === wallet.spendable.amountMinor) return
    before.current = wallet.spendable.amountMinor
    setWords(t('home.balance_now', { amount: moneyInWords(wallet.spendable) }))
  }, [wallet.spendable])
  return words
}

export function BalanceCard({ wallet, stale }: { wallet: Wallet; stale: boolean }) {
  const language = useLanguage()
  const [hidden, setHidden] = useHidden()
  const changeInWords = useChangeInWords(wallet)
  const at = formatTime(wallet.asOf, { language })
  return (
    <section className="stage" aria-label={t('home.balance')}>
      <svg className="stage-arches" viewBox="0 0 216 108" aria-hidden="true">
        <path d="M0 108V70a34 34 0 0 1 68 0v38zM76 108V56a34 34 0 0 1 68 0v52zM152 108V42a34 34 0 0 1 68 0v66z" />
      </svg>
      <div className="stage-top">
        <span>{t('home.balance')}</span>
        <button type="button" className="stage-hide" aria-pressed={hidden} onClick={() => setHidden(!hidden)}>
          <Icon of={hidden ? Eye : EyeOff} size="sm" />
          {hidden ? t('home.show') : t('home.hide')}
        </button>
      </div>
      <div className="stage-amount" data-testid="balance">
        {hidden ? (
          <span className="money t36">
            <span aria-hidden="true">Rp ••••••</span>
            <span className="sr">{t('home.hidden')}</span>
          </span>
        ) : (
          <Money amount={wallet.spendable} size={36} />
        )}
      </div>
      <div className="stage-line">
        <Icon of={stale ? WifiOff : ShieldCheck} size="sm" />
        {stale ? t('home.as_of', { at }) : t('home.matches', { at })}
      </div>
      {wallet.held.amountMinor !== '0' && !hidden && (
        <div className="stage-line">
          <Icon of={Lock} size="sm" />
          {t('home.held', { amount: formatMoney(wallet.held, { language }) })}
        </div>
      )}
      <nav className="ledge" aria-label={t('home.ways')}>
        {ways.map(({ href, icon, text }) => (
          <A key={href} href={href}>
            <Icon of={icon} />
            {t(text)}
          </A>
        ))}
      </nav>
      <span className="sr" role="status">
        {changeInWords}
      </span>
    </section>
  )
}
