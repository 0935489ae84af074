// Where the money is, hop by hop: the same hops, order and times for customer and agent; only the words
// are plainer on the customer's side. A hop that is stuck always says who acts, by when, and what then.

import { Check, Ellipsis, Hourglass, X, type LucideIcon } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import type { Hop } from '../../../contract/trace.ts'
import { formatDeadline, formatTime, type Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'

export type { Hop } from '../../../contract/trace.ts'
export type TraceAudience = 'customer' | 'agent'

const drawings: Partial<Record<Hop['state'], LucideIcon>> = {
  done: Check,
  now: Ellipsis,
  stuck: Ellipsis,
  failed: X,
}

/** What a hop is called: "Shop told" for agents, "Telling the shop" for a customer while it is not done. */
export function hopName(
  { key, state, evidence, untilAt }: Pick<Hop, 'key' | 'state' | 'evidence' | 'untilAt'>,
  audience: TraceAudience,
): string {
  // "Waiting for the shop's answer" with a cross would be neither: it said no, or it said nothing.
  if (key === 'shop_answered' && state === 'failed')
    return t(evidence ? 'trace.hop.shop_answered.silent' : 'trace.hop.shop_answered.refused')
  // Nor "Telling the shop": its time passed, or the money went back before it had answered.
  if (key === 'shop_told' && state === 'failed')
    return t(untilAt ? 'trace.hop.shop_told.late' : 'trace.hop.shop_told.not')
  if (audience === 'agent') return t(`trace.desk.${key}`)
  return state === 'done' ? t(`trace.hop.${key}`) : t(`trace.hop.${key}.open`)
}

/** What a network calls it when nobody answers, in words that need no engineer. */
const faults = {
  refused: ['econnrefused', 'ehostunreach', 'enetunreach'],
  timed_out: ['timeout', 'etimedout', 'timeouterror'],
  name_not_found: ['enotfound', 'eai_again'],
  cut_off: ['econnreset', 'epipe'],
} as const
type Fault = keyof typeof faults

function noAnswer(value: string, audience: TraceAudience): string {
  const fault = (Object.keys(faults) as Fault[]).find((each) =>
    (faults[each] as readonly string[]).includes(value.toLowerCase()),
  )
  if (fault) return t(`trace.evidence.no_answer.${fault}`)
  // A rare one is all that an agent can pass on; to a customer it says nothing.
  return audience === 'agent' ? t('trace.evidence.no_answer.value', { value }) : t('trace.evidence.no_answer')
}

/** Evidence in words. A customer is spared what only an engineer can read; nothing else differs. */
export function evidenceOf(hop: Pick<Hop, 'evidence' | 'tries'>, audience: TraceAudience): string {
  const shown = (hop.evidence ?? []).filter(
    ({ kind }) => audience === 'agent' || (kind !== 'http_status' && kind !== 'ledger_transfer'),
  )
  const words = shown.map(({ kind, value }) => {
    if (kind === 'pin' && audience === 'agent') return t('trace.evidence.pin.desk')
    if (kind === 'no_answer' && value) return noAnswer(value, audience)
    return value ? t(`trace.evidence.${kind}.value`, { value }) : t(`trace.evidence.${kind}`)
  })
  return [...(hop.tries ? [t('trace.tries', { count: hop.tries })] : []), ...words].join(' · ')
}

export type TraceProps = {
  hops: Hop[]
  /** Across for the console; it turns upright by itself where it has no room. */
  layout?: 'upright' | 'across'
  audience?: TraceAudience
  /** Names the shop instead of "the shop's system" for agents. */
  ownerNames?: Partial<Record<NonNullable<Hop['owner']>, string>>
  zone?: string
  now?: Instant
  /** What an agent may open beside a stuck hop, e.g. its evidence. */
  aside?: ReactNode
}

export function Trace({
  hops,
  layout = 'upright',
  audience = 'customer',
  ownerNames = {},
  zone,
  now,
  aside,
}: TraceProps) {
  const language = useLanguage()
  const time = { language, zone, now }
  const style = { '--hops': hops.length } as CSSProperties
  return (
    <div className="trace-room">
      <ol
        className={`trace ${layout === 'across' ? 'across' : ''}`}
        style={style}
        aria-live="polite"
        aria-label={t('trace.label')}
      >
        {hops.map((hop) => {
          const drawing = drawings[hop.state]
          const evidence = evidenceOf(hop, audience)
          const open =
            (hop.state === 'stuck' || hop.state === 'now') && (hop.owner || hop.nextTryAt || hop.untilAt)
          return (
            <li key={hop.key} className={hop.state}>
              <div className="hop-main">
                <span className="hop" aria-hidden="true">
                  {drawing && <Icon of={drawing} />}
                </span>
                <span className="hop-t">
                  {hopName(hop, audience)}
                  <span className="sr">, {t(`trace.state.${hop.state}`)}</span>
                </span>
                {hop.at && <time dateTime={hop.at}>{formatTime(hop.at, { ...time, seconds: true })}</time>}
                {evidence && <span className="hop-e">{evidence}</span>}
                {hop.state === 'todo' && hop.untilAt && (
                  <span className="hop-e">
                    {t('trace.due', { at: formatDeadline(hop.untilAt, { ...time, withTime: true }) })}
                  </span>
                )}
              </div>
              {open && (
                <div className={`hop-next ${hop.state === 'stuck' ? 'wait' : 'back'}`}>
                  {layout === 'across' && hop.state === 'stuck' && (
                    <span className="st hop-stuck">
                      <Icon of={Hourglass} />
                      {t('trace.stuck_at', { hop: hopName(hop, audience) })}
                    </span>
                  )}
                  <dl>
                    {hop.owner && (
                      <Fact
                        name={t('trace.who')}
                        value={ownerNames[hop.owner] ?? ownerName(hop.owner, audience)}
                      />
                    )}
                    {hop.nextTryAt && (
                      <Fact
                        name={t('trace.next_try')}
                        value={formatDeadline(hop.nextTryAt, { ...time, withTime: true })}
                      />
                    )}
                    {hop.untilAt && (
                      <Fact
                        name={t('trace.until')}
                        value={`${formatDeadline(hop.untilAt, { ...time, withTime: true })}${hop.then ? t('trace.then', { then: thenName(hop.then, audience) }) : ''}`}
                      />
                    )}
                  </dl>
                  {aside}
                </div>
              )}
            </li>
          )
        })}
      </ol>
    </div>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

/** Staff call the role by its name; a customer does not know it. */
const thenName = (then: NonNullable<Hop['then']>, audience: TraceAudience): string =>
  then === 'lead_decides' && audience === 'agent'
    ? t('trace.desk.then.lead_decides')
    : t(`trace.then.${then}`)

const ownerName = (owner: NonNullable<Hop['owner']>, audience: TraceAudience): string =>
  owner === 'customer' && audience === 'agent' ? t('trace.owner.customer.desk') : t(`trace.owner.${owner}`)
