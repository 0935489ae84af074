// The phone on the screen: who got what, newest first, with codes large enough to read from across the table.
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from '../platform/html.ts'
import { timeOfDay } from '../platform/language.ts'
import { sandboxPage } from '../platform/page.ts'
import { phoneTexts } from '../texts/phone.ts'
import type { Inbox, PhoneMessage } from './inbox.ts'

/** References are read aloud to people: each stays on one line. */
const unbroken = (text: string): (string | Html)[] =>
  text
    .split(/([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})/)
    .map((part, index) => (index % 2 ? html`<span class="unbroken">${part}</span>` : part))

function spaced(recipient: string): string {
  const match = /^\+62(\d{3})(\d{4})(\d+)$/.exec(recipient)
  return match ? `+62 ${match[1]} ${match[2]} ${match[3]}` : recipient
}

function messageCard(locale: Locale, message: PhoneMessage): Html {
  const texts = phoneTexts[locale]
  const time = new Date(message.receivedAt)
  return html`<li class="message" data-message="${message.id}">
    <p class="meta">
      <span class="channel">${texts[message.channel]}</span>
      <span class="from">${message.from}</span>
      <time datetime="${message.receivedAt}">${timeOfDay(time, locale)} WIB</time>
    </p>
    ${message.subject && html`<p class="subject">${message.subject}</p>`}
    <p class="text">${unbroken(message.text)}</p>
    ${
      message.code &&
      html`<p class="code">
        <output data-code="${message.code}" aria-label="${texts.code} ${message.code.split('').join(' ')}"
          >${message.code}</output
        >
        <button type="button" class="button small" data-copy="${message.code}">${texts.copy}</button>
      </p>`
    }
  </li>`
}

/** What the page shows anew every second: recipients and the messages of the chosen one. */
export async function phoneContent(locale: Locale, inbox: Inbox, chosen: string | undefined): Promise<Html> {
  const texts = phoneTexts[locale]
  const recipients = await inbox.recipients()
  const shown = chosen ?? recipients[0]?.to
  if (shown === undefined)
    return html`<div class="empty">
      <p><b>${texts.empty}</b></p>
      <p>${texts.emptyHint}</p>
    </div>`
  const messages = await inbox.messages(shown)
  return html`<nav class="recipients" aria-label="${texts.recipients}">
      ${recipients.map(
        ({ to, count }) =>
          html`<a href="/phone?to=${encodeURIComponent(to)}" ${to === shown ? html`aria-current="true"` : ''}>
            <span>${spaced(to)}</span> <small>${count}</small>
          </a>`,
      )}
    </nav>
    <section aria-label="${texts.messagesTo} ${shown}">
      <h2>${spaced(shown)}</h2>
      ${messages.length === 0 && html`<p class="quiet">${texts.none}</p>`}
      <ol class="messages">
        ${messages.map((message) => messageCard(locale, message))}
      </ol>
    </section>`
}

export function phonePage(locale: Locale, content: Html, chosen: string | undefined): Html {
  const texts = phoneTexts[locale]
  const query = chosen === undefined ? '' : `?to=${encodeURIComponent(chosen)}`
  return sandboxPage({
    locale,
    title: texts.title,
    current: 'phone',
    path: `/phone${query}`,
    body: html`<h1>${texts.title}</h1>
      <p class="lead">${texts.lead}</p>
      <div class="phone" data-live="/phone/content${query}">${content}</div>`,
  })
}
