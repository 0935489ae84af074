// One way to draw an icon: outline, sized by class, silent unless it is given a name.

import type { LucideIcon } from 'lucide-react'

export type IconSize = 'xs' | 'sm' | 'md' | 'lg'

/** `of` is a lucide icon; without `label` it is hidden from screen readers. */
export function Icon({
  of: Drawing,
  size = 'md',
  label,
  className = '',
}: {
  of: LucideIcon
  size?: IconSize
  label?: string
  className?: string
}) {
  const classes = `i ${size === 'md' ? '' : size} ${className}`.trim()
  return label ? (
    <Drawing className={classes} role="img" aria-label={label} />
  ) : (
    <Drawing className={classes} aria-hidden="true" />
  )
}
