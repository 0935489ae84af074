// Which order a payment link that somebody pasted is about, and which one waits while its payer is elsewhere in the wallet.

const orderIn = /\/pay\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/i
const orderAlone = /^\s*([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\s*$/i

/** The order of a payment link, of ours only: a link to another host is refused, it may be a trap. */
export function orderOfLink(text: string, ownOrigin: string): string | 'foreign' | null {
  const alone = orderAlone.exec(text)
  if (alone) return alone[1]!.toLowerCase()
  const found = orderIn.exec(text)
  if (!found) return null
  try {
    return new URL(text.trim()).origin === ownOrigin ? found[1]!.toLowerCase() : 'foreign'
  } catch {
    return text.trim().startsWith('/pay/') ? found[1]!.toLowerCase() : null
  }
}

/** The order whose payment waits until this page has done its part: its checkout led here with `?order=`. */
export function waitingOrder(search = location.search): string | null {
  const order = new URLSearchParams(search).get('order')
  return order && orderAlone.test(order) ? order.toLowerCase() : null
}
