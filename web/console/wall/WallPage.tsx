// The wall: figures for the floor, read from three metres. Dark, nothing to press but the way back, counted by the
// server at the time it says.

import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, CloudOff } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import {
  A,
  Icon,
  Mark,
  formatClock,
  formatCount,
  formatDate,
  ErrorNote,
  useLanguage,
  zoneName,
} from '../../ui/index.ts'
import { noteServerTime, useNow } from '../data/clock.ts'
import { keys, requests, type Wall } from '../data/requests.ts'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'
import { figureOf, meanFigure, toneOfWait, type FigurePart } from './figures.ts'

const readEveryMs = 5000

export function WallPage() {
  const { data, isError, error } = useQuery({
    queryKey: keys.wall,
    queryFn: async ({ signal }) => {
      const wall = await requests.wall(signal)
      noteServerTime(wall.asOf)
      return wall
    },
    refetchInterval: readEveryMs,
    refetchIntervalInBackground: true,
    refetchOnMount: 'always',
  })
  return (
    <main className="wall" data-mantine-color-scheme="dark">
      <WallHead stale={isError && data ? data.asOf : undefined} />
      {data ? <Figures wall={data} /> : isError ? <ErrorNote problem={shownProblem(error)} /> : null}
    </main>
  )
}

function WallHead({ stale }: { stale: string | undefined }) {
  const language = useLanguage()
  const now = useNow(1000)
  return (
    <header className="wall-head">
      <A href="/cases" className="wall-back" aria-label={t('wall.back')}>
        <Icon of={ChevronLeft} />
        <Mark />
      </A>
      <h1>{t('wall.title')}</h1>
      <span className="grow" />
      <span role="status">
        {stale && (
          <span className="st wait">
            <Icon of={CloudOff} />
            {t('wall.stale', { at: formatClock(stale, { language, seconds: true }) })}
          </span>
        )}
      </span>
      <span className="mute">{formatDate(now, { language, now })}</span>
      <span className="wall-clock num">{formatClock(now, { language })}</span>
      <span className="mute">{zoneName()}</span>
    </header>
  )
}

function Figures({ wall }: { wall: Wall }) {
  const count = (value: number): FigurePart[] => [{ figure: formatCount(value) }]
  return (
    <div className="wall-figures">
      <Tile
        large
        name={t('wall.waiting')}
        parts={count(wall.waiting)}
        foot={t('wall.waiting.foot', { count: wall.open })}
      />
      <Tile
        large
        name={t('wall.longest')}
        parts={figureOf(wall.longestWaitSeconds)}
        tone={toneOfWait(wall)}
        foot={wall.waiting ? t('wall.longest.foot') : t('wall.longest.none')}
      />
      <Tile
        large
        name={t('wall.overdue')}
        parts={count(wall.overdue)}
        tone={wall.overdue ? 'fail' : 'ok'}
        foot={wall.overdue ? t('wall.overdue.foot') : t('wall.overdue.none')}
      />
      <Tile name={t('wall.open')} parts={count(wall.open)} />
      <Tile
        name={t('wall.solved')}
        parts={count(wall.solvedToday)}
        foot={t('wall.solved.foot', { count: wall.solvedByHelperToday })}
      />
      <Tile
        name={t('wall.escalated')}
        parts={count(wall.escalated)}
        tone={wall.escalated ? 'wait' : 'ok'}
        foot={wall.escalated ? t('wall.escalated.foot') : t('wall.escalated.none')}
      />
      <Satisfaction {...wall.satisfaction} />
      <Tile
        name={t('wall.available')}
        parts={count(wall.agentsAvailable)}
        tone={wall.agentsAvailable ? undefined : 'wait'}
      />
      <Tile
        name={t('wall.first_reply')}
        parts={
          wall.medianFirstReplySeconds === undefined
            ? [{ figure: '–' }]
            : figureOf(wall.medianFirstReplySeconds)
        }
      />
    </div>
  )
}

/** The mean of the ratings, never without how many they are. */
function Satisfaction({ count, mean, content }: Wall['satisfaction']) {
  const language = useLanguage()
  return (
    <Tile
      name={t('wall.satisfaction')}
      parts={
        mean === undefined
          ? [{ figure: '–' }]
          : [{ figure: meanFigure(mean, language), unit: t('wall.satisfaction.of') }]
      }
      foot={count === 0 ? t('wall.satisfaction.none') : t('wall.satisfaction.foot', { count, content })}
    />
  )
}

type TileProps = {
  name: string
  parts: FigurePart[]
  foot?: ReactNode
  tone?: 'ok' | 'wait' | 'fail'
  large?: boolean
}

function Tile({ name, parts, foot, tone, large }: TileProps) {
  return (
    <section className={`card wall-tile ${tone ?? ''}`} data-large={large || undefined} aria-label={name}>
      <h2>{name}</h2>
      <p className="wall-figure num" style={{ '--parts': parts.length } as CSSProperties}>
        {parts.map(({ figure, unit }) => (
          <span key={unit ?? ''}>
            {figure}
            {unit && <small>{unit}</small>}
          </span>
        ))}
      </p>
      {foot && <p className="wall-foot">{foot}</p>}
    </section>
  )
}
