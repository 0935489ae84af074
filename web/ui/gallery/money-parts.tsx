// Money, its states, its trace and its proof.
// Shown to builders and to the tests of accessibility; no customer comes here.

import {
  Money,
  MoneyObject,
  MoneyRow,
  Reference,
  stateLooks,
  StateBadge,
  StatementProof,
  Trace,
  Button,
  type MoneyState,
} from '../index.ts'
import { Download } from 'lucide-react'
import { Part } from './part.tsx'
import { coffee, failedHops, movingHops, now, received, rupiah, stuckHops, stuckPayment } from './story.ts'

const states = Object.keys(stateLooks) as MoneyState[]

export const MoneyParts = () => (
  <>
    <Part title="Money states, chip and plain">
      <div className="two">
        {states.map((state) => (
          <StateBadge key={state} state={state} look="chip" />
        ))}
        <StateBadge state="unknown" />
        <StateBadge state="completed" />
      </div>
    </Part>
    <Part title="Money">
      <Money amount={rupiah('1284500')} size={36} />
      <span>
        <Money amount={rupiah('-42000')} /> <Money amount={rupiah('250000')} sign="in" />{' '}
        <Money amount={rupiah('75000')} sign="out" muted />
      </span>
      <Money amount={{ amountMinor: '4820', currency: 'SGD' }} />
      <Reference reference="TN-7Q2M-93TD" />
    </Part>
    <Part title="Live money: card, refreshing, stale, not permitted">
      <MoneyObject money={stuckPayment} href="#payment" freshness={{ kind: 'live', at: now }} now={now} />
      <MoneyObject money={coffee} freshness={{ kind: 'refreshing', at: now }} now={now} />
      <MoneyObject money={coffee} freshness={{ kind: 'stale', at: now }} now={now} />
      <MoneyObject money={null} reference="TN-7Q2M-93TD" />
    </Part>
    <Part title="History" bare>
      <MoneyRow money={coffee} href="#coffee" now={now} />
      <MoneyRow money={stuckPayment} href="#payment" now={now} />
      <MoneyRow money={received} href="#received" now={now} />
    </Part>
    <Part title="Trace, customer, stuck">
      <Trace hops={stuckHops} now={now} />
    </Part>
    <Part title="Trace, customer, on its way">
      <Trace hops={movingHops} now={now} />
    </Part>
    <Part title="Trace, customer, failed and returned">
      <Trace hops={failedHops} now={now} />
    </Part>
    <Part title="Trace, agent, across" wide>
      <Trace
        hops={stuckHops}
        layout="across"
        audience="agent"
        ownerNames={{ shop: 'Surya Elektronik' }}
        now={now}
        aside={
          <button type="button" className="link">
            503
          </button>
        }
      />
    </Part>
    <Part title="Statement proof" wide>
      <StatementProof
        opening={{ amount: rupiah('842000'), at: '2026-11-01T00:00:00+07:00' }}
        incoming={{ amount: rupiah('2350000'), entries: 9 }}
        outgoing={{ amount: rupiah('1832500'), entries: 31 }}
        balance={{ amount: rupiah('1359500'), at: now }}
        held={rupiah('75000')}
        spendable={rupiah('1284500')}
        signed={{ at: now, fingerprint: '4ab190c7a2c3110577e24ab1deadbeef77e2' }}
        action={
          <Button small icon={Download}>
            PDF
          </Button>
        }
        now={now}
      />
    </Part>
    <Part title="Statement that does not add up" wide>
      <StatementProof
        opening={{ amount: rupiah('842000'), at: '2026-11-01T00:00:00+07:00' }}
        incoming={{ amount: rupiah('2350000'), entries: 9 }}
        outgoing={{ amount: rupiah('1832500'), entries: 31 }}
        balance={{ amount: rupiah('1359400'), at: now }}
        held={rupiah('0')}
        spendable={rupiah('1359400')}
        caseNumber="C-20777"
        now={now}
      />
    </Part>
  </>
)
