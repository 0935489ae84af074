// The transfers that the partner ordered, as the bank's page lists them.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { rupiah, timeOfDay } from '../platform/language.ts'
import { bankTexts } from '../texts/bank.ts'
import type { PayOut } from './pay-outs.ts'

export function payOutList(locale: Locale, payOuts: readonly PayOut[]): Html {
  const texts = bankTexts[locale]
  if (payOuts.length === 0) return html`<p class="quiet">${texts.noPayOuts}</p>`
  return html`<ol class="transfers">
    ${payOuts.map(
      (payOut) =>
        html`<li data-state="${payOut.state}" data-reference="${payOut.partner_reference}">
          <p class="first">
            <b>${payOut.account_name}</b><span class="amount">${rupiah(payOut.amount_minor)}</span>
          </p>
          <p class="second">
            <span class="number">${payOut.bank_code} · ${payOut.account_number}</span>
            <span>${timeOfDay(payOut.received_at, locale)} WIB</span>
            <span class="tag ${payOut.state === 'paid' ? 'accepted' : 'refused'}"
              >${texts.payOutState[payOut.state]}</span
            >
          </p>
          <p class="quiet small">
            ${payOut.remark} · ${texts.reference}: ${payOut.reference_no} · ${texts.askedTimes}:
            ${payOut.asked}× · ${texts.inquiredTimes}: ${payOut.inquiries}×
          </p>
        </li>`,
    )}
  </ol>`
}
