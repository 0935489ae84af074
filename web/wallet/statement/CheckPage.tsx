// Is this statement genuine? For anybody, without an account: by the code on a paper, or by the file.

import { FileCheck2 } from 'lucide-react'
import { useEffect, useState, type FormEvent } from 'react'
import { useSearch } from 'wouter'
import type { StatementCheck } from '../../../contract/customer.ts'
import {
  Callout,
  ErrorNote,
  Money,
  TextField,
  api,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { SubmitButton } from '../enter/SubmitButton.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { codeInGroups, readCode } from './code.ts'
import { paperDay, paperTime } from './on-paper.ts'
import './statement.css'

const largestFileBytes = 8 * 1024 * 1024

type Outcome = { check?: StatementCheck; problem?: ApiProblem; unreadable?: 'code' | 'file' }

const checkCode = (code: string) => api.get<StatementCheck>(`/api/statements/${code}`)

async function outcomeOf(request: () => Promise<StatementCheck>): Promise<Outcome> {
  try {
    return { check: await request() }
  } catch (error) {
    const problem = toProblem(error)
    return problem.code === 'validation_failed' ? { unreadable: 'file' } : { problem }
  }
}

export default function CheckPage() {
  useLanguage()
  const given = new URLSearchParams(useSearch()).get('code') ?? ''
  const [typed, setTyped] = useState(codeInGroups(readCode(given) ?? given))
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>({})

  const ask = async (request: () => Promise<StatementCheck>): Promise<void> => {
    setBusy(true)
    setOutcome({})
    setOutcome(await outcomeOf(request))
    setBusy(false)
  }
  const askFile = async (file: File | undefined): Promise<void> => {
    if (!file) return
    let content: unknown
    try {
      if (file.size > largestFileBytes) throw new Error('no statement is that large')
      content = JSON.parse(await file.text())
    } catch {
      setOutcome({ unreadable: 'file' })
      return
    }
    await ask(() => api.post<StatementCheck>('/api/statements/check', content))
  }
  // A link brings its code along: then the answer is there at once.
  useEffect(() => {
    const code = readCode(given)
    if (code) void outcomeOf(() => checkCode(code)).then(setOutcome)
  }, [given])

  return (
    <Page title={t('check.title')} back="/help">
      <p className="mute">{t('check.body')}</p>
      <form
        className="card pad stack form"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          const code = readCode(typed)
          if (busy) return
          if (code) void ask(() => checkCode(code))
          else setOutcome({ unreadable: 'code' })
        }}
      >
        <TextField
          label={t('check.code')}
          hint={t('check.code.hint')}
          name="code"
          autoComplete="off"
          spellCheck={false}
          maxLength={40}
          value={typed}
          error={outcome.unreadable === 'code' ? t('check.code.wrong') : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <SubmitButton busy={busy && t('check.busy')}>{t('check.do')}</SubmitButton>
        <label className="btn sec wide check-file">
          <span className="btn-face">
            <FileCheck2 className="i" aria-hidden="true" />
            {t('check.file')}
          </span>
          <input
            className="sr"
            type="file"
            accept="application/json,.json"
            onChange={(event) => {
              const { files } = event.currentTarget
              void askFile(files?.[0])
              event.currentTarget.value = ''
            }}
          />
        </label>
      </form>
      <div role="status">
        {outcome.unreadable === 'file' && (
          <Callout tone="fail" title={t('check.unreadable')}>
            {t('check.unreadable.body')}
          </Callout>
        )}
        {outcome.problem && <ErrorNote problem={outcome.problem} />}
        {outcome.check && <Result check={outcome.check} />}
      </div>
    </Page>
  )
}

function Result({ check: { genuine, why, signed } }: { check: StatementCheck }) {
  const language = useLanguage()
  if (!genuine || !signed)
    return (
      <Callout tone="fail" title={t('check.not_genuine')}>
        {t(`check.why.${why ?? 'changed'}`)}
      </Callout>
    )
  const rows: [string, React.ReactNode][] = [
    [t('check.holder'), signed.holder],
    [
      t('check.period'),
      t('check.from_to', {
        from: paperDay(signed.from, language),
        to: paperDay(signed.to, language),
      }),
    ],
    [t('statement.csv.opening'), <Money key="opening" amount={signed.opening} />],
    [t('statement.csv.closing'), <Money key="closing" amount={signed.closing} />],
    [t('proof.held'), <Money key="held" amount={signed.held} />],
    [t('check.entries'), String(signed.entries)],
    [t('check.until'), paperTime(signed.closingAt, language)],
    [t('check.signed_at'), paperTime(signed.signedAt, language)],
  ]
  return (
    <div className="stack">
      <Callout tone="ok" title={t('check.genuine')}>
        {t('check.genuine.body')}
      </Callout>
      <dl className="card pad check-facts" data-testid="check-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="mute">{name}</dt>
            <dd className="semi">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
