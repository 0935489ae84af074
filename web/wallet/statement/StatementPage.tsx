// The statement of a month: choose it, see that it adds up, read every entry, take it along. The page recounts by itself.

import { ChevronLeft, ChevronRight, Download, Printer, ReceiptText } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Statement } from '../../../contract/customer.ts'
import {
  A,
  Button,
  Empty,
  IconButton,
  Money,
  Select,
  StatementProof,
  formatClock,
  formatDeadline,
  formatMonth,
  useLanguage,
  walletZone,
  zoneName,
} from '../../ui/index.ts'
import { useMe, useWallet } from '../data/queries.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { statementCsv, type CsvWords } from './csv.ts'
import { Entries, entryText, timeOf } from './Entries.tsx'
import { monthsBetween, type StatementMonth } from './months.ts'
import { paperDay, paperTime } from './on-paper.ts'
import { recountStatement } from './recount.ts'
import { SignedCopy } from './SignedCopy.tsx'
import { useStatement } from './use-statement.ts'
import './statement.css'

const noon = (day: string): string => `${day}T05:00:00.000Z`

export default function StatementPage() {
  useLanguage()
  const { data: me } = useMe()
  const { data: wallet } = useWallet()
  const since = me?.memberSince
  const now = wallet?.asOf
  const months = useMemo(() => monthsBetween(since ?? Date.now(), now ?? Date.now()), [since, now])
  const wanted = new URLSearchParams(useSearch()).get('month')
  const month = months.find(({ key }) => key === wanted) ?? months[0]!
  return (
    <Page title={t('statement.title')} section="history" back="/history" className="statement">
      <MonthChooser months={months} month={month} />
      <MonthStatement key={month.key} month={month} name={me?.displayName ?? ''} />
    </Page>
  )
}

function MonthChooser({ months, month }: { months: StatementMonth[]; month: StatementMonth }) {
  const language = useLanguage()
  const [, navigate] = useLocation()
  const index = months.indexOf(month)
  const show = (key: string | undefined): void => {
    if (key) navigate(`/statement?month=${key}`, { replace: true })
  }
  return (
    <div className="statement-month">
      <IconButton
        icon={ChevronLeft}
        label={t('statement.earlier')}
        aria-disabled={!months[index + 1] || undefined}
        onClick={() => show(months[index + 1]?.key)}
      />
      <Select
        label={t('statement.month')}
        labelHidden
        value={month.key}
        options={months.map(({ key, from }) => ({
          value: key,
          label: formatMonth(noon(from), { language }),
        }))}
        onChange={(event) => show(event.currentTarget.value)}
      />
      <IconButton
        icon={ChevronRight}
        label={t('statement.later')}
        aria-disabled={!months[index - 1] || undefined}
        onClick={() => show(months[index - 1]?.key)}
      />
    </div>
  )
}

function MonthStatement({ month, name }: { month: StatementMonth; name: string }) {
  const read = useStatement(month)
  return (
    <Loaded read={read} rows={7} asOf={read.data?.asOf}>
      {(statement) => <Whole statement={statement} name={name} />}
    </Loaded>
  )
}

function Whole({ statement, name }: { statement: Statement; name: string }) {
  const language = useLanguage()
  const { entries, opening, incoming, outgoing, closing, standing } = statement
  const recount = useMemo(() => {
    const own = recountStatement(statement, entries)
    return { ...own, addsUp: own.addsUp && statement.addsUp }
  }, [statement, entries])
  const csv = useCsvAddress(statement)
  const see = new URLSearchParams(useSearch()).get('see')
  usePaperColours()
  return (
    <>
      <header className="statement-print-head">
        <p className="semi">Tuntas</p>
        <p>{t('statement.whose', { name })}</p>
        <p>
          {t('statement.period', {
            from: paperDay(statement.from, language),
            to: paperDay(statement.to, language),
            zone: zoneName(walletZone, closing.at),
          })}
        </p>
      </header>
      <section className="card pad" aria-label={t('statement.proof')}>
        <StatementProof
          opening={opening}
          incoming={incoming}
          outgoing={outgoing}
          balance={closing}
          held={standing.held}
          spendable={standing.spendable}
          isOver={closing.at < statement.asOf}
          recount={recount}
          recountedAt={t('statement.recounted', {
            at: paperTime(statement.asOf, language),
          })}
          action={
            <span className="statement-actions">
              {!recount.addsUp && (
                <ButtonLinkTo href="/help/new" look="secondary" wide>
                  {t('statement.tell')}
                </ButtonLinkTo>
              )}
              <a
                className="btn sec s"
                href={csv}
                download={`tuntas-${statement.from.slice(0, 7)}.csv`}
                data-testid="statement-csv"
              >
                <span className="btn-face">
                  <Download className="i sm" aria-hidden="true" />
                  {t('statement.download')}
                </span>
              </a>
              <Button small icon={Printer} onClick={() => print()}>
                {t('statement.print')}
              </Button>
            </span>
          }
        />
      </section>
      {standing.holds.length > 0 && (
        <section className="statement-day">
          <h2>{t('statement.holds')}</h2>
          <ul className="card statement-entries">
            {standing.holds.map((hold) => (
              <li key={hold.reference} className="statement-entry">
                <A className="statement-line" href={`/transactions/${hold.reference}`}>
                  <span className="grow">
                    <span className="med">{hold.party ?? hold.reference}</span>
                    {hold.expiresAt && (
                      <span className="statement-meta">
                        {t('statement.hold.until', {
                          at: formatDeadline(hold.expiresAt, { language, withTime: true }),
                        })}
                      </span>
                    )}
                  </span>
                  <Money amount={hold.amount} muted />
                </A>
              </li>
            ))}
          </ul>
        </section>
      )}
      {recount.addsUp && <SignedCopy statement={statement} />}
      {entries.length > 0 ? (
        <section className="stack" aria-label={t('statement.entries')}>
          <Entries entries={entries} see={see} />
        </section>
      ) : (
        <Empty icon={ReceiptText} title={t('statement.empty')}>
          {t('statement.empty.body')}
        </Empty>
      )}
    </>
  )
}

/** Paper is light, whatever the screen is. */
function usePaperColours(): void {
  useEffect(() => {
    const root = document.documentElement
    const name = 'data-mantine-color-scheme'
    let onScreen: string | null = null
    const before = (): void => {
      onScreen = root.getAttribute(name)
      root.setAttribute(name, 'light')
    }
    const after = (): void => {
      if (onScreen) root.setAttribute(name, onScreen)
    }
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
}

const csvNames = [
  'time',
  'what',
  'reference',
  'in',
  'out',
  'balance',
  'currency',
  'opening',
  'closing',
] as const
const csvDay = new Intl.DateTimeFormat('en-CA', { timeZone: walletZone })

/** An address of the statement as CSV, made on this device: nothing more is asked of the server. */
function useCsvAddress(statement: Statement): string {
  useLanguage()
  const words = Object.fromEntries(csvNames.map((name) => [name, t(`statement.csv.${name}`)])) as CsvWords
  const written = (at: string): string =>
    `${csvDay.format(new Date(at))} ${formatClock(at, { language: 'en', seconds: true })}`
  const text = statementCsv(statement, statement.entries, words, written, { what: entryText, at: timeOf })
  const address = useMemo(
    // Spreadsheets take the mark at the beginning as "this is UTF-8".
    () => URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' })),
    [text],
  )
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return address
}
