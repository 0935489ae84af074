// A closed case: how it ended, who ended it, and what the customer thinks of it, in words and not by stars alone.

import { useEffect, useRef } from 'react'
import type { CaseDetail, Rating } from '../../../../contract/desk.ts'
import { Callout } from '../../../ui/index.ts'
import { t } from '../../texts.ts'
import { takesFocus } from '../focus.ts'

export function Closed({ detail }: { detail: CaseDetail }) {
  const { outcome, solvedBy, rating } = detail
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (takesFocus()) section.current?.focus()
  }, [])
  return (
    <section ref={section} tabIndex={-1} className="composer-closed" aria-label={t('closed.title')}>
      <Callout
        tone={outcome === 'not_possible' || outcome === 'withdrawn' ? 'hold' : 'ok'}
        title={t('composer.solved')}
      >
        {outcome && outcome !== 'solved' && <span className="med">{t(`case.outcome.${outcome}`)}. </span>}
        {solvedBy === 'helper' ? t('closed.by_helper') : t('composer.solved.body')}
      </Callout>
      <div className="closed-rating">
        <span className="mute t13">{t('rating.title')}</span>{' '}
        {rating ? <RatingLine rating={rating} /> : <span className="t13 mute">{t('rating.none')}</span>}
      </div>
    </section>
  )
}

/** "★★★★☆ 4 of 5 stars", and what was said with it. */
export function RatingLine({ rating }: { rating: Rating }) {
  return (
    <span className="rating-line">
      <span className="rating-stars" aria-hidden="true">
        {'★'.repeat(rating.score)}
        {'☆'.repeat(5 - rating.score)}
      </span>{' '}
      <span className="med">{t('rating.score', { score: rating.score })}</span>
      {rating.comment && (
        <>
          {' '}
          <q dir="auto">{rating.comment}</q>
        </>
      )}
    </span>
  )
}
