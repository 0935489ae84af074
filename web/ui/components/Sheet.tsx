// A sheet from below on the phone, a dialog in the middle on wide screens. The browser's own modal dialog
// keeps focus inside and the rest inert. First focus is the title, or a field that says `data-autofocus`, never the button
// that does it.

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
  const close = useRef(onClose)
  useEffect(() => {
    close.current = locked ? () => {} : onClose
  })
  useEffect(() => {
    const element = dialog.current!
    const before = document.activeElement as HTMLElement | null
    // Escape, and a tap on the dialog itself: that is beside the sheet, on its backdrop.
    const onCancel = (event: Event): void => {
      event.preventDefault()
      close.current()
    }
    const onTap = (event: MouseEvent): void => {
      // The second click of a double one belongs to what opened the sheet.
      if (event.target === element && event.detail < 2) close.current()
    }
    // Pressing beside the sheet takes the focus from no field: the second press of a double click lands there too.
    const onPress = (event: MouseEvent): void => {
      if (event.target === element) event.preventDefault()
    }
    element.addEventListener('cancel', onCancel)
    element.addEventListener('mousedown', onPress)
    element.addEventListener('click', onTap)
    element.showModal()
    const first = element.querySelector<HTMLElement>(':is(input, textarea)[data-autofocus]')
    ;(first ?? element.querySelector<HTMLElement>('.sheet-title'))?.focus()
    return () => {
      element.removeEventListener('cancel', onCancel)
      element.removeEventListener('mousedown', onPress)
      element.removeEventListener('click', onTap)
      element.close()
      before?.focus?.()
    }
  }, [])
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby={titleId}>
      <div className="sheet-body">
        <header className="sheet-head">
          <h2 className="sheet-title" id={titleId} tabIndex={-1}>
            {title}
          </h2>
          {!locked && <IconButton icon={X} label={t('close')} onClick={onClose} />}
        </header>
        {children}
        {actions && <footer className="sheet-actions">{actions}</footer>}
      </div>
    </dialog>
  )
}
