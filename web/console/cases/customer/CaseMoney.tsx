// The movements of money that the case holds; the one that is picked stands pinned above the talk.

import type { CaseDetail } from '../../../../contract/desk.ts'
import { Money, StateBadge, isSettled } from '../../../ui/index.ts'
import { t } from '../../texts.ts'
import { useShownReference } from '../money/shown.ts'
import { useCaseRights } from '../rights.ts'
import { useMoney } from '../useCase.ts'
import { Attach } from './Attach.tsx'

export function CaseMoney({ detail }: { detail: CaseDetail }) {
  const [shown, pick] = useShownReference(detail)
  const { attach } = useCaseRights(detail)
  return (
    <section aria-labelledby="customer-money">
      <h3 id="customer-money">{t('customer.money')}</h3>
      {detail.references.length === 0 ? (
        <p className="t13 mute">{t('customer.money.none')}</p>
      ) : (
        <ul className="case-money t13">
          {detail.references.map((reference) => (
            <li key={reference}>
              <MoneyLine
                caseId={detail.id}
                reference={reference}
                shown={reference === shown}
                onPick={() => pick(reference)}
              />
            </li>
          ))}
        </ul>
      )}
      {attach && <Attach caseId={detail.id} />}
    </section>
  )
}

type MoneyLineProps = { caseId: string; reference: string; shown: boolean; onPick: () => void }

function MoneyLine({ caseId, reference, shown, onPick }: MoneyLineProps) {
  const { data } = useMoney(caseId, reference)
  return (
    <button type="button" className="case-money-line" aria-pressed={shown} onClick={onPick}>
      <span className="grow case-money-who">
        <span className="cut">{data?.party.name ?? reference}</span>
        {data && <StateBadge state={data.state} />}
      </span>
      {data && (
        <Money
          amount={data.amount}
          sign={Number(data.amount.amountMinor) > 0 ? 'in' : 'auto'}
          muted={!isSettled(data.state)}
        />
      )}
    </button>
  )
}
