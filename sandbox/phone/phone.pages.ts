// The phone on the screen: who got what, newest first, with codes large enough to read from across the table.
import { html, type Html } from '../platform/html.ts'
import { timeOfDay } from '../platform/language.ts'
import { sandboxPage } from '../platform/page.ts'
import type { Inbox, PhoneMessage } from './inbox.ts'

function spaced(recipient: string): string {
  const match = /^\+62(\d{3})(\d{4})(\d+)$/.exec(recipient)
  return match ? `+62 ${match[1]} ${match[2]} ${match[3]}` : recipient
}

function messageCard(message: PhoneMessage): Html {
  const time = new Date(message.receivedAt)
  return html`<li class="message" data-message="${message.id}">
    <p class="meta">
      <span class="channel">${message.channel === 'sms' ? 'SMS' : 'E-mail'}</span>
      <span class="from">${message.from}</span>
      <time datetime="${message.receivedAt}">${timeOfDay(time, 'en')} WIB</time>
    </p>
    ${message.subject && html`<p class="subject">${message.subject}</p>`}
    <p class="text">${message.text}</p>
    ${
      message.code &&
      html`<p class="code">
        <output data-code="${message.code}" aria-label="Code ${message.code.split('').join(' ')}"
          >${message.code}</output
        >
        <button type="button" class="button small" data-copy="${message.code}">Copy code</button>
      </p>`
    }
  </li>`
}

/** What the page shows anew every second: recipients and the messages of the chosen one. */
export async function phoneContent(inbox: Inbox, chosen: string | undefined): Promise<Html> {
  const recipients = await inbox.recipients()
  const shown = chosen ?? recipients[0]?.to
  if (shown === undefined)
    return html`<div class="empty">
      <p><b>Nothing has arrived yet.</b></p>
      <p>Sign up in the wallet: the code appears here within a second.</p>
    </div>`
  const messages = await inbox.messages(shown)
  return html`<nav class="recipients" aria-label="Recipients">
      ${recipients.map(
        ({ to, count }) =>
          html`<a href="/phone?to=${encodeURIComponent(to)}" ${to === shown ? html`aria-current="true"` : ''}>
            <span>${spaced(to)}</span> <small>${count}</small>
          </a>`,
      )}
    </nav>
    <section aria-label="Messages to ${shown}">
      <h2>${spaced(shown)}</h2>
      ${messages.length === 0 && html`<p class="quiet">Nothing yet for this recipient.</p>`}
      <ol class="messages">
        ${messages.map(messageCard)}
      </ol>
    </section>`
}

export function phonePage(content: Html, chosen: string | undefined): Html {
  const query = chosen === undefined ? '' : `?to=${encodeURIComponent(chosen)}`
  return sandboxPage(
    'Phone',
    'phone',
    html`<h1>Phone</h1>
      <p class="lead">
        Every SMS and e-mail that the product sends arrives here, whoever it is for. Newest first.
      </p>
      <div class="phone" data-live="/phone/content${query}">${content}</div>`,
  )
}
