// One named part of the gallery.
// Shown to builders and to the tests of accessibility; no customer comes here.

import type { ReactNode } from 'react'

/** One board of the gallery. */
export const Part = ({
  title,
  wide,
  bare,
  children,
}: {
  title: string
  wide?: boolean
  bare?: boolean
  children: ReactNode
}) => (
  <section className={wide ? 'wide' : ''} aria-label={title}>
    <h2 lang="en">{title}</h2>
    {bare ? children : <div className="card pad stack">{children}</div>}
  </section>
)
