// What every read shows: its shape while it loads, what is still true without a connection, an error with a way on.

import { WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Callout, ErrorNote, Skeleton, formatTime, toProblem, useLanguage } from '../../ui/index.ts'
import { isOffline } from '../data/client.ts'
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
  if (read.data !== undefined)
    return (
      <>
        {Boolean(read.error) && !quiet && <StaleNote read={read} asOf={asOf} />}
        {children(read.data)}
      </>
    )
  if (read.error)
    return <Failed error={read.error} retry={() => void read.refetch()} busy={read.isFetching} />
  return waiting ?? <Skeleton rows={rows} />
}

function StaleNote({ read, asOf }: { read: Read<unknown>; asOf?: string }) {
  const language = useLanguage()
  const at = asOf ?? read.keptAt
  if (!isOffline(read.error)) return <ErrorNote problem={toProblem(read.error)} />
  return (
    <Callout tone="hold" icon={WifiOff} title={t('offline.short')}>
      {at && t('offline.as_of', { at: formatTime(at, { language }) })}
    </Callout>
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
