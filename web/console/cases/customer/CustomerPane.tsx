// Who it is: the sign that proves us, masked contact data, the wallet's state, the money of this case, earlier cases.
// Nothing personal is open without a reason, and every look is listed for the agent as the customer sees it.

import {
  BadgeCheck,
  Ban,
  CircleCheck,
  CircleDashed,
  Footprints,
  Lock,
  Snowflake,
  type LucideIcon,
} from 'lucide-react'
import type { CaseDetail, MaskedCustomer } from '../../../../contract/desk.ts'
import {
  Avatar,
  ErrorNote,
  Icon,
  OfficialSign,
  Skeleton,
  formatMonth,
  formatTime,
  hasText,
  useLanguage,
  type Tone,
} from '../../../ui/index.ts'
import { useNow } from '../../data/clock.ts'
import { useMe } from '../../data/workplace.tsx'
import { shownProblem } from '../../data/problem.ts'
import { t, type MessageId } from '../../texts.ts'
import { useCaseRights } from '../rights.ts'
import { useCase } from '../useCase.ts'
import { languageName, subjectOf } from '../words.ts'
import { CaseMoney } from './CaseMoney.tsx'
import { Contact } from './Contact.tsx'

export function CustomerPane({ caseId }: { caseId: string }) {
  const { data, isError, error } = useCase(caseId)
  if (data) return <Loaded detail={data} />
  return isError ? <ErrorNote problem={shownProblem(error)} /> : <Skeleton rows={4} />
}

function Loaded({ detail }: { detail: CaseDetail }) {
  const { reveal } = useCaseRights(detail)
  return (
    <div className="customer-parts">
      <Who customer={detail.customer} />
      <div className="sign-box">
        <p className="t12 mute">{t('sign.say_first', { name: detail.customer.name })}</p>
        <OfficialSign pictures={detail.sign.pictures} number={detail.sign.number} plain />
      </div>
      <section aria-labelledby="customer-contact">
        <h3 id="customer-contact">
          {t('customer.contact')} <span className="mute3 customer-aside">{t('customer.masked')}</span>
          {!reveal && (
            <span className="mute3 customer-aside customer-locked">
              <Icon of={Lock} size="xs" />
              {t('masked.not_for_you')}
            </span>
          )}
        </h3>
        <Contact detail={detail} />
        <Looks detail={detail} />
      </section>
      <section aria-labelledby="customer-wallet">
        <h3 id="customer-wallet">{t('customer.wallet')}</h3>
        <dl className="kv t13">
          <dt>{t('customer.wallet.state')}</dt>
          <dd>
            <WalletState status={detail.customer.walletStatus} />
          </dd>
          <dt>{t('customer.language')}</dt>
          <dd>{languageName(detail.customer.language)}</dd>
        </dl>
      </section>
      <CaseMoney detail={detail} />
      <Earlier detail={detail} />
    </div>
  )
}

function Who({ customer }: { customer: MaskedCustomer }) {
  const language = useLanguage()
  return (
    <div className="customer-who">
      <Avatar name={customer.name} />
      <div className="grow">
        <h2 className="t16">{customer.name}</h2>
        <div className="t13 mute">
          {t('customer.since', { month: formatMonth(customer.memberSince, { language }) })}
        </div>
      </div>
      <span className={`st chip ${customer.verified ? 'ok' : 'wait'}`}>
        <Icon of={customer.verified ? BadgeCheck : CircleDashed} />
        {customer.verified ? t('customer.verified') : t('customer.not_verified')}
      </span>
    </div>
  )
}

const walletLooks: Record<MaskedCustomer['walletStatus'], { tone: Tone; icon: LucideIcon }> = {
  active: { tone: 'ok', icon: CircleCheck },
  frozen: { tone: 'hold', icon: Snowflake },
  restricted: { tone: 'wait', icon: Lock },
  inactive: { tone: 'hold', icon: Ban },
}

function WalletState({ status }: { status: MaskedCustomer['walletStatus'] }) {
  const { tone, icon } = walletLooks[status]
  return (
    <span className={`st ${tone}`}>
      <Icon of={icon} />
      {t(`wallet.${status}`)}
    </span>
  )
}

/** The newest looks; the customer sees the same list. */
const looksShown = 4

function Looks({ detail }: { detail: CaseDetail }) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow(60_000)
  if (detail.looks.length === 0) return null
  const newest = detail.looks.toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at))
  const word = (id: string, otherwise: string): string => (hasText(id) ? t(id as MessageId) : otherwise)
  // A payment and its refund are two looks at the money in one minute: here they are one line.
  const lines = new Set(
    newest.map((look) =>
      t(look.agentName === me.displayName ? 'looks.you' : 'looks.other', {
        name: look.agentName,
        field: word(`field.${look.field}.object`, look.field),
        at: formatTime(look.at, { language, now, inSentence: true }),
        reason: word(`reason.${look.reason}`, look.reason),
      }),
    ),
  )
  return (
    <ul className="looks t12 mute">
      {[...lines].slice(0, looksShown).map((line) => (
        <li key={line}>
          <Icon of={Footprints} size="xs" />
          <span>{line}</span>
        </li>
      ))}
      <li className="looks-seen">{t('looks.seen')}</li>
    </ul>
  )
}

function Earlier({ detail }: { detail: CaseDetail }) {
  const language = useLanguage()
  return (
    <section aria-labelledby="customer-earlier">
      <h3 id="customer-earlier">{t('customer.earlier')}</h3>
      {detail.earlier.length === 0 ? (
        <p className="t13 mute">{t('customer.earlier.none')}</p>
      ) : (
        <ul className="customer-rows t13">
          {detail.earlier.map((earlier) => (
            <li key={earlier.number}>
              <span className="cut">{subjectOf(earlier.subject)}</span>
              <span className="mute">
                <span className="num">{earlier.number}</span> ·{' '}
                <span className="num">{formatMonth(earlier.openedAt, { language })}</span> ·{' '}
                {t(`case.state.${earlier.state}`)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
