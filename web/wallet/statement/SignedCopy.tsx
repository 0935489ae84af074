// The copy that others can check: signed on request, taken along as a file, with its code for paper.

import { BadgeCheck, Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { SignedStatement, Statement } from '../../../contract/customer.ts'
import { A, Button, ErrorNote, Icon, api, toProblem, useLanguage, type ApiProblem } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { codeInGroups } from './code.ts'
import { paperTime } from './on-paper.ts'

export function SignedCopy({ statement: { from, to } }: { statement: Statement }) {
  const language = useLanguage()
  const [signed, setSigned] = useState<SignedStatement>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem>()
  const sign = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      setSigned(await api.post<SignedStatement>('/api/wallet/statement/signed', { from, to }))
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      setBusy(false)
    }
  }
  const file = useFileAddress(signed)
  return (
    <section className="card pad stack statement-signed" aria-label={t('statement.signed.title')}>
      <h2 className="t16 semi">{t('statement.signed.title')}</h2>
      {signed ? (
        <div className="stack" role="status">
          <p className="st ok t14">
            <Icon of={BadgeCheck} />
            {t('statement.signed.at', { at: paperTime(signed.statement.signedAt, language) })}
          </p>
          <p>
            <span className="mute t13">{t('statement.signed.code')}</span>
            <br />
            <span className="mono semi statement-code" data-testid="statement-code">
              {codeInGroups(signed.code)}
            </span>
          </p>
          <p className="t13 mute">
            {t('statement.signed.where', { address: `${location.origin}/check-statement` })}
          </p>
          <span className="statement-actions">
            <a
              className="btn sec s"
              href={file}
              download={`tuntas-${from.slice(0, 7)}-signed.json`}
              data-testid="statement-signed-file"
            >
              <span className="btn-face">
                <Download className="i sm" aria-hidden="true" />
                {t('statement.signed.download')}
              </span>
            </a>
            <A className="btn sec s" href={`/check-statement?code=${signed.code}`}>
              {t('statement.signed.try')}
            </A>
          </span>
        </div>
      ) : (
        <>
          <p className="mute">{t('statement.signed.body')}</p>
          {problem && <ErrorNote problem={problem} />}
          <Button
            icon={BadgeCheck}
            busy={busy && t('statement.signed.busy')}
            onClick={() => void sign()}
            className="statement-sign"
          >
            {t('statement.signed.do')}
          </Button>
        </>
      )}
    </section>
  )
}

/** An address of the file, made on this device of what the server signed. */
function useFileAddress(signed: SignedStatement | undefined): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!signed) return undefined
    const made = URL.createObjectURL(
      new Blob([`${JSON.stringify(signed, null, 1)}\n`], { type: 'application/json' }),
    )
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [signed])
  return address
}
