// A link that looks like a button and stays in the app.

import type { ReactNode } from 'react'
import type { LucideIcon } from 'lucide-react'
import { A, Icon, type ButtonLook } from '../../ui/index.ts'

const looks: Record<ButtonLook, string> = {
  primary: 'pri',
  secondary: 'sec',
  soft: 'soft',
  quiet: 'quiet',
  danger: 'bad',
}

export const ButtonLinkTo = ({
  href,
  look = 'soft',
  icon,
  wide,
  small,
  children,
}: {
  href: string
  look?: ButtonLook
  icon?: LucideIcon
  wide?: boolean
  small?: boolean
  children: ReactNode
}) => (
  <A href={href} className={`btn ${looks[look]} ${wide ? 'wide' : ''} ${small ? 's' : ''}`}>
    <span className="btn-face">
      {icon && <Icon of={icon} size={small ? 'sm' : 'md'} />}
      {children}
    </span>
  </A>
)
