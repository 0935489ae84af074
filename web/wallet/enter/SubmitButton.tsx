// The one primary button of a form: also Enter in a field presses it.

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/index.ts'

export const SubmitButton = ({
  busy,
  icon,
  children,
}: {
  busy: string | false
  icon?: LucideIcon
  children: ReactNode
}) => (
  <Button look="primary" type="submit" wide busy={busy} icon={icon}>
    {children}
  </Button>
)
