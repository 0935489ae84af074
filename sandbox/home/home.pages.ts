// The sandbox's home: what this is, where everything stands, how each party may misbehave, and the clock.
import { html, type Html } from '../platform/html.ts'
import { sandboxPage } from '../platform/page.ts'
import type { Settings } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'

function checkbox(name: string, checked: boolean, title: string, detail: string): Html {
  return html`<label class="switch">
    <input type="checkbox" name="${name}" value="on" ${checked ? html`checked` : ''} />
    <span><b>${title}</b><small>${detail}</small></span>
  </label>`
}

const delays = [0, 500, 2000, 10_000, 30_000]

function delay(name: string, value: number, title: string): Html {
  const choices = delays.includes(value) ? delays : [...delays, value].sort((left, right) => left - right)
  return html`<label class="delay">
    <span>${title}</span>
    <select name="${name}">
      ${choices.map(
        (milliseconds) =>
          html`<option value="${milliseconds}" ${milliseconds === value ? html`selected` : ''}>
            ${milliseconds === 0 ? 'no delay' : `${milliseconds / 1000} s`}
          </option>`,
      )}
    </select>
  </label>`
}

const refundAnswers = [
  { value: 'silent', name: 'by hand, or not at all' },
  { value: 'agree', name: 'agree at once' },
  { value: 'refuse', name: 'refuse at once' },
]

function refundAnswer(chosen: string): Html {
  return html`<label class="delay">
    <span>Requests for money back</span>
    <select name="shop.refunds">
      ${refundAnswers.map(
        ({ value, name }) =>
          html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${name}</option>`,
      )}
    </select>
  </label>`
}

function switchesForm(world: World): Html {
  const { shop, bank, payOuts, messages } = world.switches
  return html`<form method="post" action="/switches" class="switches">
    <fieldset>
      <legend>Shops' systems</legend>
      <p>How the demo shops answer when the product tells them of a payment.</p>
      ${checkbox('shop.up', shop.up, 'Up', 'Off: every webhook is answered 503 and has to be tried again.')}
      ${checkbox('shop.lostAnswer', shop.lostAnswer, 'Lose the answer', 'Handles the webhook, then cuts the line.')}
      ${delay('shop.slowMs', shop.slowMs, 'Answer after')} ${refundAnswer(shop.refunds)}
    </fieldset>
    <fieldset>
      <legend>Bank Melati</legend>
      <p>How the bank tells the product of a transfer.</p>
      ${checkbox('bank.twice', bank.twice, 'Call twice', 'Tells of every transfer two times.')}
      ${checkbox('bank.lostAnswer', bank.lostAnswer, 'Lose our answer', 'The first answer never arrives: the bank calls again.')}
      ${checkbox('bank.outOfOrder', bank.outOfOrder, 'Out of order', 'Transfers of the same three seconds are told newest first.')}
      ${checkbox('bank.wrongSignature', bank.wrongSignature, 'Wrong signature', 'Calls must be refused; they pass once this is off again.')}
      ${delay('bank.lateMs', bank.lateMs, 'Call after')}
    </fieldset>
    <fieldset>
      <legend>Bank Melati: pay-outs to shops</legend>
      <p>How the bank takes the transfers that the product sends to shops.</p>
      ${checkbox('payOuts.lostAnswer', payOuts.lostAnswer, 'Lose the answer', 'Pays, then cuts the line: the product has to ask what happened.')}
      ${checkbox('payOuts.twice', payOuts.twice, 'Handle it twice', 'Each order arrives two times; the answer heard is that of the second, which is refused as a duplicate.')}
      ${checkbox('payOuts.refused', payOuts.refused, 'Refuse', 'The account is not accepted: the money stays with us for the next pay-out.')}
      ${delay('payOuts.slowMs', payOuts.slowMs, 'Answer after')}
    </fieldset>
    <fieldset>
      <legend>SMS and e-mail</legend>
      <p>The gateways that carry codes and notices.</p>
      ${checkbox('messages.up', messages.up, 'Up', 'Off: SMS is answered 503, mail 451, to be tried again.')}
      ${delay('messages.slowMs', messages.slowMs, 'Take after')}
    </fieldset>
    <div class="actions"><button class="button" type="submit">Save switches</button></div>
  </form>`
}

const steps = [
  { milliseconds: 60_000, name: '1 minute' },
  { milliseconds: 900_000, name: '15 minutes' },
  { milliseconds: 7_200_000, name: '2 hours' },
  { milliseconds: 86_400_000, name: '1 day' },
]

function clockForm(world: World): Html {
  const now = world.now()
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Jakarta',
    dateStyle: 'full',
    timeStyle: 'short',
  }).format(now)
  return html`<form method="post" action="/clock" class="panel">
    <h2>Time</h2>
    <p>
      Business time is <time datetime="${now.toISOString()}"><b>${text} WIB</b></time
      >. It can only be moved forward: orders expire, deadlines pass, limits per day start anew.
    </p>
    <div class="actions">
      ${steps.map(
        ({ milliseconds, name }) =>
          html`<button class="button second" name="advanceMs" value="${milliseconds}">+ ${name}</button>`,
      )}
    </div>
  </form>`
}

const notes: Record<string, { kind: 'ok' | 'fail'; text: string }> = {
  saved: { kind: 'ok', text: 'Saved. It holds from the next call on, and over a restart.' },
  moved: { kind: 'ok', text: 'Time was moved forward.' },
  unmoved: { kind: 'fail', text: 'The product did not answer, so time was not moved. Is it running?' },
}

export function homePage(settings: Settings, world: World, noteKey: string | undefined): Html {
  const note = noteKey !== undefined && Object.hasOwn(notes, noteKey) ? notes[noteKey] : undefined
  const parties = [
    { href: '/phone', name: 'Phone', text: 'Every SMS and e-mail that the product sends, with its code.' },
    ...settings.shops.map(({ slug, name }) => ({
      href: `/shop/${slug}`,
      name,
      text: 'A shop that takes Tuntas. Order something and pay.',
    })),
    {
      href: '/bank',
      name: 'Bank Melati',
      text: 'Send a transfer to a virtual account number: a top-up. And what shops were paid out.',
    },
  ]
  return sandboxPage(
    'Home',
    'home',
    html`<h1>The world around Tuntas</h1>
      <p class="lead">
        A wallet needs a bank, shops and phones. This process plays them, on real protocols, with invented
        money. It misbehaves when you tell it to.
      </p>
      ${note && html`<p class="note ${note.kind}" role="status">${note.text}</p>`}
      <ul class="parties">
        ${parties.map(
          ({ href, name, text }) =>
            html`<li>
              <a href="${href}"><b>${name}</b><span>${text}</span></a>
            </li>`,
        )}
        <li>
          <a href="${settings.customersUrl}"><b>Wallet</b><span>The customers' side of the product.</span></a>
        </li>
        <li>
          <a href="${settings.agentsUrl}"><b>Console</b><span>The agents' side of the product.</span></a>
        </li>
      </ul>
      ${clockForm(world)}
      <h2>Switches</h2>
      ${switchesForm(world)}`,
  )
}
