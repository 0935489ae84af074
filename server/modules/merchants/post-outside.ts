// One POST to an address that somebody else chose. It must never reach our own network (SSRF): the address is checked
// when the connection is made, after the name was looked up, so a name that changes its answer gains nothing.
import { lookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

const notOutside = new BlockList()
// The IANA special-purpose registries: this network, private, shared, loopback, link-local, documentation, multicast, reserved.
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  notOutside.addSubnet(network, bits, 'ipv4')
// Besides: IPv4 inside IPv6 (compatible, NAT64, Teredo, 6to4), which would lead around the list above.
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 16],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  notOutside.addSubnet(network, bits, 'ipv6')

/** True for an IPv4 or IPv6 address (also an IPv4 one written as IPv6) that the public internet does not route. */
export function isInside(address: string): boolean {
  const family = isIP(address)
  return family === 0 || notOutside.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

class AddressRefused extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

const lookupOutside: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, '')
    if (addresses.some(({ address }) => isInside(address))) return answer(new AddressRefused(hostname), '')
    if (options.all) return answer(null, addresses)
    return answer(null, addresses[0]!.address, addresses[0]!.family)
  })
}

/**
 * Posts and answers the HTTP status; redirects are an answer, not followed. Rejects with `code`: ADDRESS_REFUSED, TIMEOUT
 * or what the network says. `insideAllowed` is for the sandbox, whose shops live on this machine.
 */
export async function postOutside(
  url: URL,
  request: { headers: Record<string, string>; body: string; timeoutMs: number; insideAllowed: boolean },
): Promise<number> {
  const { headers, body, timeoutMs, insideAllowed } = request
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!insideAllowed && isIP(host) !== 0 && isInside(host)) throw new AddressRefused(host)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new AddressRefused(url.protocol)
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      signal,
      // No connection is kept: each one is checked.
      agent: false,
      ...(insideAllowed ? {} : { lookup: lookupOutside }),
    })
    sent.on('response', (response) => {
      resolve(response.statusCode!)
      response.destroy()
    })
    sent.on('error', (error) =>
      reject(signal.aborted ? Object.assign(new Error('no answer in time'), { code: 'TIMEOUT' }) : error),
    )
    sent.end(body)
  })
}
