// The heading of a panel: it takes the focus when its panel replaces another one, so that readers hear what happened.

import { useEffect, useRef, type ReactNode } from 'react'

export function PanelHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
