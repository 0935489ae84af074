// A panel over the page's right side, on phones over all of it: to look closely at one thing and decide.
// Focus goes to the title and stays inside; nothing in it is pressed by Enter unless it has the focus.

import { Drawer } from '@mantine/core'
import { X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { IconButton, t } from '../../ui/index.ts'
import { useWidth } from './width.ts'

export type SidePanelProps = {
  title: string
  /** Beside the title: a number, a clock. */
  tag?: ReactNode
  clock?: ReactNode
  onClose: () => void
  /** Not closed while something is on its way. */
  locked?: boolean
  children: ReactNode
  /** Pinned at the foot. */
  actions?: ReactNode
}

/** What had the focus before the panel came; one panel takes the place of another when what it shows has been read. */
let opener: Element | null = null

/** Closed, the panel is gone at once, and the drawer gives nothing back then: who opened it goes on where they were. */
function useFocusBack(): void {
  useState(() => {
    const active = document.activeElement
    if (!active?.closest('.side-panel')) opener = active
  })
  useEffect(
    () => () => {
      // After the drawer has let go of the focus, and not when another panel has it. What was opened may be off its list by now.
      queueMicrotask(() => {
        if (document.querySelector('.side-panel')) return
        const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected
        ;(isThere ? (opener as HTMLElement) : document.querySelector<HTMLElement>('.work-row'))?.focus()
      })
    },
    [],
  )
}

/** What was pressed is often gone by what it did: the keyboard stays in the panel, at its title. */
function useFocusKept(): void {
  useEffect(() => {
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('.side-panel [data-autofocus]')?.focus()
  })
}

export function SidePanel({ title, tag, clock, onClose, locked, children, actions }: SidePanelProps) {
  const phone = useWidth() === 'phone'
  useFocusBack()
  useFocusKept()
  return (
    <Drawer.Root
      opened
      // While a sheet stands above the panel, Escape is the sheet's.
      onClose={() => document.querySelector('dialog.sheet[open]') ?? onClose()}
      closeOnEscape={!locked}
      closeOnClickOutside={!locked}
      position={phone ? 'bottom' : 'right'}
      size={phone ? '100%' : '33.5rem'}
      offset={phone ? 0 : 12}
      radius={phone ? 0 : 'xl'}
      // As a class of Content it would stand on the layer around it too.
      classNames={{ content: 'side-panel-content' }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={title}>
        <Drawer.Body className="side-panel">
          <div className="side-panel-head">
            <div className="side-panel-titles">
              <h2 className="t18" tabIndex={-1} data-autofocus>
                {title}
              </h2>
              {tag}
              <span className="grow" />
              {clock}
            </div>
            <IconButton icon={X} label={t('close')} onClick={() => !locked && onClose()} />
          </div>
          {/* It scrolls, so the keyboard must reach it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className="side-panel-body" role="group" aria-label={title} tabIndex={0}>
            {children}
          </div>
          {actions && <div className="side-panel-foot">{actions}</div>}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
