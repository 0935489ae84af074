// Figures of the wall: a length of time in parts, so that digits stand large and units small.

import { formatDuration } from '../../ui/format/duration.ts'
import { localeOf, type Language } from '../../ui/language.ts'

export type FigurePart = { figure: string; unit?: string }

/** 372 s → 6 min 12 s; from an hour on, hours and minutes. Words of the reader's language. */
export function figureOf(seconds: number, language?: Language): FigurePart[] {
  const whole = Math.max(0, Math.floor(seconds))
  const rest = whole >= 60 && whole < 3600 ? whole % 60 : 0
  const texts = [formatDuration(whole, language), ...(rest ? [formatDuration(rest, language)] : [])]
  return texts.flatMap((text) =>
    [...text.matchAll(/(\d+)\s*(\D*)/g)].map(([, figure, unit]) => ({ figure: figure!, unit: unit!.trim() })),
  )
}

/** 4.25 → "4.3": rounded half up, with the reader's decimal sign. */
export const meanFigure = (mean: number, language: Language): string =>
  new Intl.NumberFormat(localeOf[language], { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    mean,
  )

const calmSeconds = 60

/** Red only when a promise is really broken; a long wait within the promise is a warning. */
export function toneOfWait({
  waiting,
  overdue,
  longestWaitSeconds,
}: {
  waiting: number
  overdue: number
  longestWaitSeconds: number
}): 'ok' | 'wait' | 'fail' {
  if (waiting === 0 || longestWaitSeconds < calmSeconds) return 'ok'
  return overdue > 0 ? 'fail' : 'wait'
}
