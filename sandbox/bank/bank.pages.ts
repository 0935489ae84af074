// Internet banking of Bank Melati: a form, its check, and the transfers with what the partner answered.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { rupiah, timeOfDay } from '../platform/language.ts'
import { languageLinks, page } from '../platform/page.ts'
import { bankTexts, type BankTexts } from '../texts/bank.ts'
import type { BankTransfer } from './bank.ts'
import { payOutList } from './pay-outs.pages.ts'
import type { PayOut } from './pay-outs.ts'

export interface Draft {
  virtualAccount: string
  amount: string
}

const sender = { name: 'Rekening demo', number: '700 112 9045' }

export function groupedAccount(virtualAccount: string): string {
  return virtualAccount.replace(/(.{4})(?=.)/g, '$1 ')
}

function frame(locale: Locale, title: string, body: Html): Html {
  return page({
    title: `${title} · Bank Melati`,
    locale,
    styles: ['bank'],
    bodyClass: 'bank',
    body: html`<header class="bank-bar">
        <a class="bank-name" href="/bank"><span class="flower" aria-hidden="true"></span>Bank Melati</a>
        ${languageLinks(locale, '/bank')}
      </header>
      <main>${body}</main>`,
  })
}

function field(options: {
  id: string
  label: string
  hint?: string
  value: string
  error?: string | undefined
}): Html {
  const { id, label, hint, value, error } = options
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${error && html`<p class="field-error" id="${id}-error">${error}</p>`}
    <input
      id="${id}"
      name="${id}"
      value="${value}"
      inputmode="numeric"
      autocomplete="off"
      required
      ${described ? html`aria-describedby="${described}"` : ''}
      ${error ? html`aria-invalid="true"` : ''}
    />
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`
}

export function transferList(locale: Locale, transfers: readonly BankTransfer[]): Html {
  const texts = bankTexts[locale]
  if (transfers.length === 0) return html`<p class="quiet">${texts.none}</p>`
  return html`<ol class="transfers">
    ${transfers.map((transfer) => transferCard(locale, texts, transfer))}
  </ol>`
}

function transferCard(locale: Locale, texts: BankTexts, transfer: BankTransfer): Html {
  return html`<li data-state="${transfer.state}" data-request="${transfer.payment_request_id}">
    <p class="first">
      <b>${transfer.account_name}</b><span class="amount">${rupiah(transfer.amount_minor)}</span>
    </p>
    <p class="second">
      <span class="number">${groupedAccount(transfer.virtual_account)}</span>
      <span>${timeOfDay(transfer.made_at, locale)} WIB</span>
      <span class="tag ${transfer.state}">${texts.state[transfer.state]}</span>
    </p>
    <p class="quiet small">${texts.reference}: ${transfer.reference_no}</p>
    ${
      transfer.history.length > 0 &&
      html`<details data-keep="${transfer.id}">
        <summary>${texts.answers}: ${transfer.history.length}</summary>
        <ol class="calls">
          ${transfer.history.map(
            (call) =>
              html`<li>
                <time datetime="${call.calledAt}">${timeOfDay(new Date(call.calledAt), locale)}</time>
                ${call.responseCode ? html`<code>${call.responseCode}</code> ${call.message}` : `${texts.noAnswer} (${call.message})`}
              </li>`,
          )}
        </ol>
      </details>`
    }
  </li>`
}

export function bankPage(options: {
  locale: Locale
  draft: Draft
  error?: keyof BankTexts['error'] | undefined
  sent?: boolean
  transfers: readonly BankTransfer[]
  payOuts: readonly PayOut[]
}): Html {
  const { locale, draft, error } = options
  const texts = bankTexts[locale]
  const message = error && texts.error[error]
  return frame(
    locale,
    texts.title,
    html`${options.sent && html`<p class="note ok" role="status">${texts.sent}</p>`}
      <div class="columns">
        <section>
          <h1>${texts.title}</h1>
          <p class="lead">${texts.lead}</p>
          <form method="post" action="/bank/check" class="card">
            <p class="from">${texts.from}<b>${sender.name} · ${sender.number}</b></p>
            ${field({
              id: 'virtualAccount',
              label: texts.number,
              hint: texts.numberHint,
              value: draft.virtualAccount,
              error: error === 'amount' ? undefined : message,
            })}
            ${field({ id: 'amount', label: texts.amount, value: draft.amount, error: error === 'amount' ? message : undefined })}
            <button class="button" type="submit">${texts.next}</button>
          </form>
        </section>
        <section>
          <h2>${texts.yours}</h2>
          <div data-live="/bank/content">${transferList(locale, options.transfers)}</div>
          <h2>${texts.payOuts}</h2>
          <p class="quiet">${texts.payOutsLead}</p>
          <div data-live="/bank/pay-outs">${payOutList(locale, options.payOuts)}</div>
        </section>
      </div>`,
  )
}

export function checkPage(
  locale: Locale,
  draft: Draft,
  recipient: { name: string; requestId: string },
  amountMinor: bigint,
): Html {
  const texts = bankTexts[locale]
  return frame(
    locale,
    texts.check,
    html`<section class="narrow">
      <h1>${texts.check}</h1>
      <form method="post" action="/bank/transfers" class="card">
        <dl>
          <div>
            <dt>${texts.to}</dt>
            <dd><b>${recipient.name}</b></dd>
          </div>
          <div>
            <dt>${texts.number}</dt>
            <dd class="number">${groupedAccount(draft.virtualAccount)}</dd>
          </div>
          <div>
            <dt>${texts.from}</dt>
            <dd>${sender.name} · ${sender.number}</dd>
          </div>
          <div class="sum">
            <dt>${texts.amount}</dt>
            <dd>${rupiah(amountMinor)}</dd>
          </div>
        </dl>
        <input type="hidden" name="virtualAccount" value="${draft.virtualAccount}" />
        <input type="hidden" name="amount" value="${draft.amount}" />
        <input type="hidden" name="name" value="${recipient.name}" />
        <input type="hidden" name="requestId" value="${recipient.requestId}" />
        <button class="button" type="submit">${texts.send} ${rupiah(amountMinor)}</button>
        <p>
          <a href="/bank?virtualAccount=${draft.virtualAccount}&amp;amount=${draft.amount}">${texts.back}</a>
        </p>
      </form>
    </section>`,
  )
}
