// A quiet word beside money: so much of it needs two people.

import { Users } from 'lucide-react'
import { Icon } from '../../../ui/index.ts'
import { t } from '../../texts.ts'

export const TwoPeople = () => (
  <span className="tag two-people-tag">
    <Icon of={Users} size="xs" />
    {t('two_people')}
  </span>
)
