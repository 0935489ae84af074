// Small help for the sandbox's pages: parts that show themselves anew each second, and buttons that copy.
// Works on what the server wrote (escaped there); builds no markup of its own.

for (const part of document.querySelectorAll('[data-live]')) {
  let shown
  async function look() {
    try {
      const answer = await fetch(part.dataset.live, { headers: { accept: 'text/html' } })
      if (answer.ok) {
        const text = await answer.text()
        // The first look counts too: something may have come since the server wrote the page.
        if (text !== shown) replace(part, text)
        shown = text
      }
    } catch {
      // The sandbox is restarting: the next look finds it.
    }
    setTimeout(look, document.hidden ? 5000 : 1000)
  }
  void look()
}

function replace(part, text) {
  const focused = part.contains(document.activeElement) ? document.activeElement : undefined
  const place = focused?.dataset.copy ?? focused?.getAttribute('href')
  const open = [...part.querySelectorAll('details[open]')].map((details) => details.dataset.keep)
  part.innerHTML = text
  for (const details of part.querySelectorAll('details')) details.open = open.includes(details.dataset.keep)
  if (!place) return
  for (const element of part.querySelectorAll('[data-copy], a[href]'))
    if (element.dataset.copy === place || element.getAttribute('href') === place) return element.focus()
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element && event.target.closest('[data-copy]')
  if (!button) return
  navigator.clipboard?.writeText(button.dataset.copy).then(() => {
    button.dataset.copied = 'true'
    setTimeout(() => delete button.dataset.copied, 1500)
  })
})
