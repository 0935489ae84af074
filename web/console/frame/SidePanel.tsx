// A panel over the page's right side, on phones over all of it: to look closely at one thing and decide.
// Focus goes to the title and stays inside; nothing in it is pressed by Enter unless it has the focus.

import { Drawer } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton, t } from '../../ui/index.ts'
import { useWidth } from './width.ts'

export type SidePanelProps = {
  title: ReactNode
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

export function SidePanel({ title, tag, clock, onClose, locked, children, actions }: SidePanelProps) {
  const phone = useWidth() === 'phone'
  return (
    <Drawer.Root
      opened
      onClose={onClose}
      closeOnEscape={!locked}
      closeOnClickOutside={!locked}
      position={phone ? 'bottom' : 'right'}
      size={phone ? '100%' : '33.5rem'}
      offset={phone ? 0 : 12}
      radius={phone ? 0 : 'xl'}
      transitionProps={{ duration: 200 }}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-labelledby="side-panel-title" className="side-panel-content">
        <Drawer.Body className="side-panel">
          <header className="side-panel-head">
            <h2 id="side-panel-title" className="t18" tabIndex={-1} data-autofocus>
              {title}
            </h2>
            {tag}
            <span className="grow" />
            {clock}
            <IconButton icon={X} label={t('close')} onClick={() => !locked && onClose()} />
          </header>
          <div className="side-panel-body">{children}</div>
          {actions && <footer className="side-panel-foot">{actions}</footer>}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
