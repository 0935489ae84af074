// The shopkeeper's page of the bank account: where the money goes, what the bank did last, and a form for another account.
// What is typed goes to Tuntas as the shop's own signed request; this page keeps nothing.
import type { ShopAccount } from '../../contract/decisions.ts'
import type { Settlement } from '../../contract/merchant.ts'
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { rupiah } from '../platform/language.ts'
import { accountTexts } from '../texts/account.ts'
import type { PayOutList } from './merchant-client.ts'
import { frame, type Visit } from './shop.pages.ts'

/** Invented banks: no real one has such a code. */
export const banks: readonly { code: string; name: string }[] = [
  { code: '9990001', name: 'Bank Melati' },
  { code: '9990214', name: 'Bank Kenanga' },
  { code: '9990397', name: 'Bank Cempaka' },
]

export interface AccountDraft {
  bankCode: string
  accountNumber: string
  name: string
}
export interface AccountProblem {
  what: 'number' | 'name' | 'bank' | 'refused' | 'no_answer'
  /** As Tuntas says it. */
  code?: string
}
export interface AccountView {
  /** Undefined while Tuntas does not answer. */
  account: ShopAccount | undefined
  payOuts: PayOutList | undefined
  draft?: AccountDraft
  problem?: AccountProblem | undefined
}

const bankName = (code: string): string => banks.find((bank) => bank.code === code)?.name ?? code
const grouped = (number: string): string => number.replace(/(\d{4})(?=\d)/g, '$1 ')

function moment(time: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Jakarta',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(time))
}

const shown = (one: { bankCode: string; accountNumber: string; name: string }): Html =>
  html`<b>${bankName(one.bankCode)}</b> <span class="reference">${grouped(one.accountNumber)}</span
    ><br /><span class="quiet">${one.name}</span>`

/** The part of the page that shows itself anew. */
export function accountState(visit: Visit, { account, payOuts }: AccountView): Html {
  const { locale } = visit
  const texts = accountTexts[locale]
  if (!account || !payOuts) return html`<p class="quiet" role="status">${texts.noAnswer}</p>`
  const { given, onHold } = account
  const last = payOuts.settlements[0]
  return html`${
      given
        ? html`<div class="account-note" data-account="given">
            <b>${texts.given}</b>
            <p>${shown(given)}</p>
            <p>${texts.givenMore}</p>
          </div>`
        : last?.state === 'refused' &&
          html`<div class="account-note warn" data-account="refused">
            <b>${texts.refused}</b>
            <p>${texts.refusedMore}</p>
          </div>`
    }
    <dl class="account">
      <div>
        <dt>${texts.current}</dt>
        <dd data-account="current">${shown(account.account)}</dd>
      </div>
      <div>
        <dt>${texts.owed}</dt>
        <dd><b>${rupiah(BigInt(payOuts.balance.amountMinor))}</b></dd>
      </div>
      ${
        onHold
          ? html`<div>
              <dt>${texts.nextPayOut}</dt>
              <dd>${texts.stopped}</dd>
            </div>`
          : payOuts.nextPayOutAt &&
            html`<div>
              <dt>${texts.nextPayOut}</dt>
              <dd>${moment(payOuts.nextPayOutAt, locale)} WIB</dd>
            </div>`
      }
    </dl>`
}

/** The other part that shows itself anew; below the form, so that who must act need not look for it. */
export function payOutList(visit: Visit, { payOuts }: Pick<AccountView, 'payOuts'>): Html {
  const texts = accountTexts[visit.locale]
  if (!payOuts) return html``
  return html`<h2>${texts.payOuts}</h2>
    ${payOuts.settlements.length === 0 && html`<p class="quiet">${texts.none}</p>`}
    <ul class="refund-list">
      ${payOuts.settlements.map((each) => payOut(each, visit.locale))}
    </ul>`
}

function payOut(each: Settlement, locale: Locale): Html {
  const texts = accountTexts[locale]
  return html`<li data-pay-out="${each.number}" data-state="${each.state}">
    <p>
      <b class="reference">${each.number}</b>
      <span class="tag ${each.state}">${texts.state[each.state]}</span>
      <b class="amount">${rupiah(BigInt(each.net.amountMinor))}</b>
    </p>
    <p class="quiet">
      ${bankName(each.account.bankCode)}
      <span class="reference">${grouped(each.account.accountNumber)}</span>${
        each.closedAt && html` · ${moment(each.closedAt, locale)} WIB`
      }
    </p>
    ${each.refusal && html`<p class="quiet">${texts.bankSaid}: <q lang="en">${each.refusal}</q></p>`}
  </li>`
}

export function accountPage(visit: Visit, view: AccountView): Html {
  const texts = accountTexts[visit.locale]
  return frame(
    visit,
    texts.title,
    html`<h1>${texts.title}</h1>
      <p class="quiet">${texts.keeper}</p>
      <div class="account-columns">
        <div data-live="/shop/${visit.shop.slug}/account/content">${accountState(visit, view)}</div>
        ${form(visit, view)}
      </div>
      <div class="account-history" data-live="/shop/${visit.shop.slug}/account/pay-outs">
        ${payOutList(visit, view)}
      </div>`,
  )
}

function form(visit: Visit, { account, draft, problem }: AccountView): Html {
  const texts = accountTexts[visit.locale]
  const value = draft ?? { bankCode: '', accountNumber: '', name: account?.account.name ?? '' }
  const says = (what: AccountProblem['what']) => problem?.what === what && texts.problem[what]
  const general = problem && (problem.what === 'refused' || problem.what === 'no_answer')
  return html`<form method="post" action="/shop/${visit.shop.slug}/account" class="account-form">
    <h2>${account?.given ? texts.replace : texts.change}</h2>
    <p class="quiet">${texts.changeMore}</p>
    ${
      general &&
      html`<p class="field-error" role="alert">
        ${texts.problem[problem.what]}${problem.code && html`: ${problem.code}`}
      </p>`
    }
    <div class="field">
      <label for="bankCode">${texts.bank}</label>
      <select id="bankCode" name="bankCode" required ${says('bank') ? html`aria-invalid="true"` : ''}>
        ${banks.map(
          ({ code, name }) =>
            html`<option value="${code}" ${code === value.bankCode ? html`selected` : ''}>${name}</option>`,
        )}
      </select>
    </div>
    ${input('accountNumber', texts.number, value.accountNumber, texts.numberHint, says('number'), true)}
    ${input('name', texts.name, value.name, texts.nameHint, says('name'), false)}
    <button class="pay" type="submit">${texts.send}</button>
  </form>`
}

function input(
  id: string,
  label: string,
  value: string,
  hint: string,
  error: string | false,
  isNumber: boolean,
): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <input
      id="${id}"
      name="${id}"
      value="${value}"
      autocomplete="off"
      required
      maxlength="${isNumber ? '42' : '100'}"
      aria-describedby="${id}-hint"
      ${isNumber ? html`inputmode="numeric"` : ''}
      ${error ? html`aria-invalid="true"` : ''}
    />
    ${error ? html`<p class="field-error" id="${id}-hint">${error}</p>` : html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`
}
