// What the verifier can say of a copy, in plain words: each kind is one thing that somebody did, or that went wrong.
export type FindingKind =
  /** No checkpoint at all: nothing outside of the database speaks for it. */
  | 'no_checkpoints'
  /** A checkpoint that none of the trusted keys signed. */
  | 'checkpoint_forged'
  /** The chain is another one than the one that was signed: rewritten, restored and continued, or another ledger. */
  | 'checkpoint_differs'
  /** The chain ends before a signed state: its end was cut off, or an older backup was restored. */
  | 'tail_missing'
  | 'seal_missing'
  /** A seal does not follow from its own figures and the seal before it. */
  | 'seal_changed'
  /** The transfers of a stripe are others than those that were sealed. */
  | 'transfers_differ'
  /** The links of a stripe's transfers, or the exchanges they made, are others than those that were sealed. */
  | 'links_differ'
  /** What was told of accounts and holds is not what was sealed. */
  | 'events_differ'
  /** The keys of a stripe, or their answers, are others than those that were sealed. */
  | 'keys_differ'
  /** An entry does not follow from the entry before it on the same account. */
  | 'balance_does_not_follow'
  /** An account says another balance than its entries. */
  | 'account_differs'
  | 'sum_not_zero'
  /** What an account is or may do (kind, owner, currency, minimum, maximum, cap, freeze, closing) is not what was last told of it. */
  | 'account_rules_differ'
  /** What came in this month, for the monthly cap, is not what the entries give. */
  | 'incoming_differs'
  /** A hold is not what it was placed for, did not end as was told, or its parts do not add up. */
  | 'hold_differs'
  /** An account holds another sum than its open holds. */
  | 'held_differs'
  /** What was reversed of a transfer is not the sum of its reversals, or more than it moved. */
  | 'reversal_differs'
  /** An exchange does not follow from its two legs and its rate. */
  | 'exchange_differs'

export interface Finding {
  kind: FindingKind
  /** In words: where, what stands there, what should. */
  detail: string
}

export type Find = (kind: FindingKind, detail: string) => void
