// Freezing: protective, so it is fast. The sheet says what stops and what does not, and how it is undone.

import { Snowflake } from 'lucide-react'
import { useState } from 'react'
import { Button, ErrorNote, Sheet, api, toProblem, type ApiProblem } from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import { keep } from '../data/keep.ts'
import type { Wallet } from '../data/types.ts'
import { t } from '../texts.ts'

export function FreezeSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const freeze = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      const wallet = await api.post<Wallet>('/api/wallet/freeze')
      keep('wallet', wallet)
      queryClient.setQueryData(['wallet'], wallet)
      onClose()
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      locked={busy}
      title={t('freeze.sheet')}
      actions={
        <>
          <Button
            look="danger"
            icon={Snowflake}
            wide
            busy={busy && t('freeze.busy')}
            onClick={() => void freeze()}
          >
            {t('freeze.now')}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {t('freeze.not')}
          </Button>
        </>
      }
    >
      <ul className="plain-list">
        <li>{t('freeze.stops')}</li>
        <li>{t('freeze.stays')}</li>
        <li>{t('freeze.undo')}</li>
      </ul>
      {problem && <ErrorNote problem={problem} />}
    </Sheet>
  )
}
