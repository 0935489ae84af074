// The shopkeeper's page of requests to give money back: what is asked, until when, and two buttons.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { rupiah, timeOfDay } from '../platform/language.ts'
import { refundTexts } from '../texts/refunds.ts'
import type { KnownRefund } from './refunds.ts'
import { frame, type Visit } from './shop.pages.ts'

function until(time: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Jakarta',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(time)
}

function answers(visit: Visit, refund: KnownRefund): Html {
  const texts = refundTexts[visit.locale]
  if (refund.answer !== null)
    return html`<p class="quiet">
      ${texts.answered[refund.answer]}
      ${refund.problem && html`<span class="small">${texts.problem}: ${refund.problem}</span>`}
    </p>`
  if (refund.state !== 'asking_shop' && refund.state !== 'in_review') return html``
  return html`<form
    method="post"
    action="/shop/${visit.shop.slug}/refunds/${refund.reference}"
    class="refund-answer"
  >
    ${(['agree', 'refuse'] as const).map(
      (answer) =>
        html`<button
          class="${answer}"
          name="answer"
          value="${answer}"
          aria-label="${texts.answer[answer]}: ${refund.reference}"
        >
          ${texts.answer[answer]}
        </button>`,
    )}
  </form>`
}

/** The part of the page that shows itself anew. */
export function refundsList(
  visit: Visit,
  { refunds, fresh }: { refunds: readonly KnownRefund[]; fresh: boolean },
): Html {
  const texts = refundTexts[visit.locale]
  return html`${!fresh && html`<p class="quiet" role="status">${texts.notFresh}</p>`}
    ${refunds.length === 0 && html`<p class="quiet">${texts.none}</p>`}
    <ul class="refund-list">
      ${refunds.map(
        (refund) =>
          html`<li data-refund="${refund.reference}" data-state="${refund.state}">
            <p>
              <b class="reference">${refund.reference}</b>
              <span class="tag ${refund.state}">${texts.state[refund.state]}</span>
              <b class="amount">${rupiah(refund.amount_minor)}</b>
            </p>
            <p>
              <a href="/shop/${visit.shop.slug}/orders/${refund.order_number}">${refund.order_number}</a>
              · <span class="reference">${refund.payment}</span> · ${timeOfDay(refund.asked_at, visit.locale)}
              WIB
            </p>
            <p>
              <b>${texts.reason[refund.reason]}</b>
              ${refund.note && html`<q>${refund.note}</q>`}
            </p>
            ${
              refund.state === 'asking_shop' &&
              refund.answer_by &&
              html`<p class="quiet">${texts.answerBy} ${until(refund.answer_by, visit.locale)} WIB</p>`
            }
            ${answers(visit, refund)}
          </li>`,
      )}
    </ul>`
}

export function refundsPage(visit: Visit, known: { refunds: readonly KnownRefund[]; fresh: boolean }): Html {
  const texts = refundTexts[visit.locale]
  return frame(
    visit,
    texts.title,
    html`<h1>${texts.title}</h1>
      <p class="quiet">${texts.keeper}</p>
      <div data-live="/shop/${visit.shop.slug}/refunds/content">${refundsList(visit, known)}</div>`,
  )
}
