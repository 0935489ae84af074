// Who it is: a person filled and round, the helper an outlined square with a compass, a shop a tile.

import { Compass, type LucideIcon } from 'lucide-react'
import { Icon } from './Icon.tsx'

/** "Ratna Kusumawati" → "RK"; a name in Han characters → its last one or two. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  if (/^\p{Script=Han}+$/u.test(name)) return name.slice(-2)
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

export type AvatarKind = 'person' | 'self' | 'agent' | 'helper' | 'tile'
const kindClass: Record<AvatarKind, string> = {
  person: '',
  self: 'brand',
  agent: 'agent',
  helper: 'helper',
  tile: 'tile',
}

/** Decoration beside a name: hidden from screen readers. `online` shows the presence dot. */
export function Avatar({
  name = '',
  kind = 'person',
  icon,
  size = 'm',
  online,
}: {
  name?: string
  kind?: AvatarKind
  icon?: LucideIcon
  size?: 's' | 'm' | 'l'
  online?: boolean
}) {
  const drawing = kind === 'helper' ? Compass : icon
  return (
    <span className={`av ${kindClass[kind]} ${size === 'm' ? '' : size}`} aria-hidden="true">
      {drawing ? (
        <Icon of={drawing} size={size === 's' ? 'sm' : size === 'l' ? 'lg' : 'md'} />
      ) : (
        initialsOf(name)
      )}
      {online && <i className="dot ok" />}
    </span>
  )
}
