// What every read shows: its shape while it loads, what is still true without a connection, an error with a way on.

import { WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button,
  Callout,
  ErrorNote,
  Skeleton,
  formatTime,
  networkProblem,
  toProblem,
  useLanguage,
} from '../../ui/index.ts'
import { isOffline } from '../data/client.ts'
import { useLost } from '../data/live.ts'
import { t } from '../texts.ts'

type Read<Data> = {
  data: Data | undefined
  error: unknown
  isFetching: boolean
  refetch: () => unknown
  keptAt?: string
}

/** With `quiet` another read on the same screen already says that there is no connection. Shows `children` with the data, also with old data when the server cannot be reached, and says of when it is. */
export function Loaded<Data>({
  read,
  rows,
  waiting,
  asOf,
  quiet,
  children,
}: {
  read: Read<Data>
  rows?: number
  waiting?: ReactNode
  asOf?: string
  quiet?: boolean
  children: (data: Data) => ReactNode
}) {
  const lost = useLost()
  const error = read.error || (lost && networkProblem())
  if (read.data !== undefined)
    return (
      <>
        {error && !quiet && <StaleNote error={error} asOf={asOf ?? read.keptAt} />}
        {children(read.data)}
      </>
    )
  if (error) return <Failed error={error} retry={() => void read.refetch()} busy={read.isFetching} />
  return waiting ?? <Skeleton rows={rows} />
}

/** Nothing is lost: what was read stays on the screen, and it is said of when it is. */
export function StaleNote({ error, asOf }: { error: unknown; asOf?: string }) {
  const language = useLanguage()
  if (!isOffline(error)) return <ErrorNote problem={toProblem(error)} />
  return (
    <div role="status">
      <Callout tone="hold" icon={WifiOff} title={t('offline.short')}>
        {asOf && t('offline.as_of', { at: formatTime(asOf, { language }) })}
      </Callout>
    </div>
  )
}

export function Failed({ error, retry, busy }: { error: unknown; retry: () => void; busy?: boolean }) {
  return (
    <div className="stack">
      <ErrorNote problem={toProblem(error)} />
      <Button look="secondary" onClick={retry} busy={busy && t('try_again.busy')}>
        {t('try_again')}
      </Button>
    </div>
  )
}
