// A sheet from below on the phone, a dialog in the middle on wide screens. The browser's own modal dialog
// keeps focus inside and the rest inert. First focus is the title, never the button that does it.

import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { t } from '../i18n.ts'
import { IconButton } from './Button.tsx'

export type SheetProps = {
  open: boolean
  onClose: () => void
  title: ReactNode
  children: ReactNode
  /** Docked at the sheet's foot: at most one primary and one quiet button. */
  actions?: ReactNode
  /** Not closed by a tap beside it: while something is on its way. */
  locked?: boolean
}

export function Sheet(props: SheetProps) {
  return props.open ? <OpenSheet {...props} /> : null
}

function OpenSheet({ onClose, title, children, actions, locked }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current!
    const before = document.activeElement as HTMLElement | null
    element.showModal()
    element.querySelector<HTMLElement>('.sheet-title')?.focus()
    return () => {
      element.close()
      before?.focus?.()
    }
  }, [])
  const close = (): void => {
    if (!locked) onClose()
  }
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className="sheet-body">
        <header className="sheet-head">
          <h2 className="sheet-title" id={titleId} tabIndex={-1}>
            {title}
          </h2>
          {!locked && <IconButton icon={X} label={t('close')} onClick={close} />}
        </header>
        {children}
        {actions && <footer className="sheet-actions">{actions}</footer>}
      </div>
    </dialog>
  )
}
