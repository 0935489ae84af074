// Whom money went to or came from, and the shop's own number of the order, whole on its line.
import { wholeIn } from '../../ui/index.ts'
import type { Detail } from '../data/types.ts'
import { t } from '../texts.ts'

export function PartyLine({ party, merchantReference }: Pick<Detail, 'party' | 'merchantReference'>) {
  return (
    <p className="t14 mute">
      {party.name}
      {merchantReference && (
        <> · {wholeIn(t('transaction.order', { number: merchantReference }), merchantReference)}</>
      )}
    </p>
  )
}
