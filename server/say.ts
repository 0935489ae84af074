// What the person who starts Tuntas reads: addresses and demo sign-ins, plain, once everything answers.
import type { Config } from '#platform/config.ts'
import type { DemoSummary } from './demo/index.ts'

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function sayReady(config: Readonly<Config>, demo: DemoSummary | undefined): void {
  const lines = [
    '',
    'Tuntas is running.',
    '',
    `  Customers   ${config.customersUrl}        wallet, help, checkout`,
    `  Agents      ${config.agentsUrl}        console`,
    ...(config.sandbox
      ? [`  Sandbox     ${config.sandboxUrl}        bank, shop, every SMS and e-mail; no real money`]
      : []),
    `  API         ${config.customersUrl}/docs/customer   ${config.customersUrl}/docs/merchant   ${config.agentsUrl}/docs/console`,
  ]
  if (demo) {
    lines.push('', 'Demo customers (password, PIN):')
    for (const customer of demo.customers)
      lines.push(
        `  ${customer.contact.padEnd(22)} ${customer.password.padEnd(18)} ${customer.pin}   ${customer.name}, ${customer.locale}`,
      )
    lines.push('', 'Demo agents (password):')
    for (const agent of demo.agents)
      lines.push(`  ${agent.email.padEnd(26)} ${agent.password.padEnd(18)} ${agent.name}, ${agent.role}`)
  }
  lines.push('', 'Stop with Ctrl-C.', '')
  say(lines.join('\n'))
}
