// Short notices at the screen's edge. What happened to money must never be told only here.

import { X, type LucideIcon } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { t } from '../i18n.ts'
import { IconButton } from './Button.tsx'
import { Icon } from './Icon.tsx'
import type { Tone } from './StateBadge.tsx'

export type ToastContent = { text: string; tone?: Tone; icon?: LucideIcon }
type ShownToast = ToastContent & { id: number }

const shownMs = 7000
const listeners = new Set<() => void>()
let toasts: readonly ShownToast[] = []
let lastId = 0

function change(next: readonly ShownToast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Shows a notice for a few seconds; at most three at once. */
export function toast(content: ToastContent): void {
  change([...toasts.slice(-2), { ...content, id: ++lastId }])
}
const dismiss = (id: number): void => change(toasts.filter((other) => other.id !== id))

function ToastLine({ id, text, tone, icon }: ShownToast) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), shownMs)
    return () => clearTimeout(timer)
  }, [id])
  return (
    <div className={`toast ${tone ?? ''}`}>
      {icon && <Icon of={icon} />}
      <span className="grow">{text}</span>
      <IconButton icon={X} label={t('close')} onClick={() => dismiss(id)} />
    </div>
  )
}

/** Once in an app, near its root: the region must be there before the first notice, or readers miss it. */
export function ToastRegion() {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => toasts,
  )
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((content) => (
        <ToastLine key={content.id} {...content} />
      ))}
    </div>
  )
}
