// Buttons. One primary a view; a busy button keeps its width, says the verb, and cannot be pressed again.

import { LoaderCircle, type LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon } from './Icon.tsx'

export type ButtonLook = 'primary' | 'secondary' | 'soft' | 'quiet' | 'danger'
const lookClass: Record<ButtonLook, string> = {
  primary: 'pri',
  secondary: 'sec',
  soft: 'soft',
  quiet: 'quiet',
  danger: 'bad',
}

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'disabled'> & {
  look?: ButtonLook
  icon?: LucideIcon
  wide?: boolean
  small?: boolean
  /** The verb while it works, "Paying"; the button stays focused and ignores presses. */
  busy?: string | false
  /** Not possible now; say why beside the button. It stays focusable, so that its reason is found. */
  disabled?: boolean
  children: ReactNode
}

const classesOf = (look: ButtonLook, wide?: boolean, small?: boolean, className = ''): string =>
  ['btn', lookClass[look], wide && 'wide', small && 's', className].filter(Boolean).join(' ')

export function Button({
  look = 'secondary',
  icon,
  wide,
  small,
  busy,
  disabled,
  children,
  onClick,
  className,
  ...rest
}: ButtonProps) {
  const off = Boolean(busy) || Boolean(disabled)
  return (
    <button
      type="button"
      {...rest}
      className={classesOf(look, wide, small, className)}
      aria-disabled={off || undefined}
      aria-busy={busy ? true : undefined}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
    >
      <span className="btn-face" data-hidden={busy ? '' : undefined}>
        {icon && <Icon of={icon} size={small ? 'sm' : 'md'} />}
        {children}
      </span>
      {busy && (
        <span className="btn-busy">
          <Icon of={LoaderCircle} className="spin" />
          {busy}
        </span>
      )}
    </button>
  )
}

/** A link that looks like a button: for going somewhere, never for doing something. */
export function ButtonLink({
  look = 'secondary',
  icon,
  wide,
  small,
  href,
  children,
  onClick,
}: Pick<ButtonProps, 'look' | 'icon' | 'wide' | 'small' | 'children'> & {
  href: string
  onClick?: (event: { preventDefault(): void }) => void
}) {
  return (
    <a className={classesOf(look, wide, small)} href={href} onClick={onClick}>
      <span className="btn-face">
        {icon && <Icon of={icon} size={small ? 'sm' : 'md'} />}
        {children}
      </span>
    </a>
  )
}

/** An icon alone: it must have a name. */
export function IconButton({
  icon,
  label,
  filled,
  ...rest
}: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'aria-label'> & {
  icon: LucideIcon
  label: string
  filled?: boolean
}) {
  return (
    <button
      type="button"
      {...rest}
      className={`ib ${filled ? 'filled' : ''} ${rest.className ?? ''}`.trim()}
      aria-label={label}
    >
      <Icon of={icon} />
    </button>
  )
}
