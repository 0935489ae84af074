// A menu that drops from a word or a picture of the bar, and its lines. It traps the focus while it is open and gives it back;
// a line that was chosen closes it.

import { Popover, UnstyledButton } from '@mantine/core'
import { useState, type ComponentProps, type ReactNode } from 'react'
import { A } from '../../ui/index.ts'

export type MenuProps = {
  /** What the drop-down is called for those who cannot see where it hangs. */
  label: string
  /** The button's content, and how it looks; `buttonLabel` replaces the content for readers. */
  button: ReactNode
  buttonClass: string
  buttonLabel?: string | undefined
  /** Width of the drop-down in px at the usual type size. */
  width: number
  /** The lines; `close` belongs on each that leads on. */
  children: (close: () => void) => ReactNode
}

export function Menu({ label, button, buttonClass, buttonLabel, width, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={width}
      radius="md"
      shadow="lg"
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton className={buttonClass} aria-label={buttonLabel} onClick={() => setOpen(!open)}>
          {button}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="menu" aria-label={label}>
        {children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  )
}

/** A line that goes somewhere. */
export const MenuLink = (props: ComponentProps<typeof A>) => <A {...props} className="menu-line" />

/** A line that does something. */
export const MenuButton = ({ onClick, children }: { onClick: () => void; children: ReactNode }) => (
  <button type="button" className="menu-line" onClick={onClick}>
    {children}
  </button>
)
