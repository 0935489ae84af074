// The sandbox's home: what this is, where everything stands, how each party may misbehave, and the clock.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { sandboxPage } from '../platform/page.ts'
import type { Settings } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'
import { frameTexts } from '../texts/frame.ts'
import { homeTexts, type HomeTexts } from '../texts/home.ts'

interface PartyTexts {
  name: string
  about: string
  tick: Record<string, { name: string; detail: string }>
}

/** A party's tick boxes in the order of its texts, and what is chosen besides. */
function party(key: string, on: Record<string, unknown>, texts: PartyTexts, choices: readonly Html[]): Html {
  return html`<fieldset>
    <legend>${texts.name}</legend>
    <p>${texts.about}</p>
    ${Object.entries(texts.tick).map(
      ([tick, { name, detail }]) =>
        html`<label class="switch">
          <input type="checkbox" name="${key}.${tick}" value="on" ${on[tick] === true ? html`checked` : ''} />
          <span><b>${name}</b><small>${detail}</small></span>
        </label>`,
    )}
    ${choices}
  </fieldset>`
}

function choice(
  name: string,
  title: string,
  chosen: string,
  options: readonly { value: string; name: string }[],
): Html {
  return html`<label class="delay">
    <span>${title}</span>
    <select name="${name}">
      ${options.map(
        (option) =>
          html`<option value="${option.value}" ${option.value === chosen ? html`selected` : ''}>
            ${option.name}
          </option>`,
      )}
    </select>
  </label>`
}

/** A span of time in words, in the largest unit that it fills. */
function span(locale: Locale, milliseconds: number): string {
  const units = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1 }
  const unit = (['day', 'hour', 'minute'] as const).find((each) => milliseconds >= units[each]) ?? 'second'
  const count = milliseconds / (unit === 'second' ? 1000 : units[unit])
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

const delays = [0, 500, 2000, 10_000, 30_000]

function switchesForm(locale: Locale, texts: HomeTexts, world: World): Html {
  const { shop, bank, payOuts, messages } = world.switches
  const delay = (name: string, title: string, valueMs: number) =>
    choice(
      name,
      title,
      String(valueMs),
      [...new Set([...delays, valueMs])]
        .sort((left, right) => left - right)
        .map((each) => ({ value: String(each), name: each === 0 ? texts.noDelay : span(locale, each) })),
    )
  const answers = (['silent', 'agree', 'refuse'] as const).map((value) => ({
    value,
    name: texts.refundAnswer[value],
  }))
  return html`<form method="post" action="/switches" class="switches">
    ${party('shop', shop, texts.shops, [
      delay('shop.slowMs', texts.shops.delay, shop.slowMs),
      choice('shop.refunds', texts.refunds, shop.refunds, answers),
    ])}
    ${party('bank', bank, texts.melati, [delay('bank.lateMs', texts.melati.delay, bank.lateMs)])}
    ${party('payOuts', payOuts, texts.payOuts, [
      delay('payOuts.slowMs', texts.payOuts.delay, payOuts.slowMs),
    ])}
    ${party('messages', messages, texts.messages, [
      delay('messages.slowMs', texts.messages.delay, messages.slowMs),
    ])}
    <div class="actions"><button class="button" type="submit">${texts.save}</button></div>
  </form>`
}

const steps = [60_000, 900_000, 7_200_000, 86_400_000]

function clockForm(locale: Locale, texts: HomeTexts, world: World): Html {
  const now = world.now()
  const text = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: 'Asia/Jakarta',
    dateStyle: 'full',
    timeStyle: 'short',
  }).format(now)
  return html`<form method="post" action="/clock" class="panel">
    <h2>${texts.time}</h2>
    <p>
      ${texts.timeIs} <time datetime="${now.toISOString()}"><b>${text} WIB</b></time>
    </p>
    <p>${texts.timeNote}</p>
    <div class="actions">
      ${steps.map(
        (milliseconds) =>
          html`<button class="button second" name="advanceMs" value="${milliseconds}">
            + ${span(locale, milliseconds)}
          </button>`,
      )}
    </div>
  </form>`
}

const noteKinds = { saved: 'ok', moved: 'ok', unmoved: 'fail' } as const

export function homePage(
  locale: Locale,
  settings: Settings,
  world: World,
  noteKey: string | undefined,
): Html {
  const texts = homeTexts[locale]
  const note = (['saved', 'moved', 'unmoved'] as const).find((key) => key === noteKey)
  const places = [
    { href: '/phone', name: frameTexts[locale].phone, text: texts.phone },
    ...settings.shops.map(({ slug, name }) => ({ href: `/shop/${slug}`, name, text: texts.shop })),
    { href: '/bank', name: 'Bank Melati', text: texts.bank },
    { href: settings.customersUrl, name: texts.wallet.name, text: texts.wallet.about },
    { href: settings.agentsUrl, name: texts.console.name, text: texts.console.about },
  ]
  return sandboxPage({
    locale,
    title: texts.title,
    current: 'home',
    path: '/',
    body: html`<h1>${texts.heading}</h1>
      <p class="lead">${texts.lead}</p>
      ${note && html`<p class="note ${noteKinds[note]}" role="status">${texts.note[note]}</p>`}
      <ul class="parties">
        ${places.map(
          ({ href, name, text }) =>
            html`<li>
              <a href="${href}"><b>${name}</b><span>${text}</span></a>
            </li>`,
        )}
      </ul>
      ${clockForm(locale, texts, world)}
      <h2>${texts.switches}</h2>
      ${switchesForm(locale, texts, world)}`,
  })
}
