// What could not be read, and the way to try again: in the place of what should stand there.

import { Button, ErrorNote } from '../../ui/index.ts'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'

export type FailedRead = { error: unknown; isFetching: boolean; refetch: () => unknown }

export const Failed = ({ read: { error, isFetching, refetch } }: { read: FailedRead }) => (
  <ErrorNote problem={shownProblem(error)}>
    <Button small look="quiet" busy={isFetching && t('again.busy')} onClick={() => void refetch()}>
      {t('again')}
    </Button>
  </ErrorNote>
)
