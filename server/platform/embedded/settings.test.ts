import { expect, test } from 'vitest'
import { commandLineSettings, configurationFile, sharedBuffersMegabytes } from './settings.ts'

const gigabyte = 1024 ** 3

test.each([
  ['a small machine', 1 * gigabyte, 0, 256],
  ['a large one', 64 * gigabyte, 0, 2048],
  ['a container with a limit', 64 * gigabyte, 2 * gigabyte, 512],
  ['a limit that is none', 4 * gigabyte, 2 ** 63, 1024],
  ['next to nothing', 64 * 1024 * 1024, 0, 32],
])('%s gives pages a quarter of its memory, within bounds', (_name, total, limit, megabytes) => {
  expect(sharedBuffersMegabytes(total, limit)).toBe(megabytes)
})

test('what protects money is on for everything real, and no file can turn it off', () => {
  const durable = commandLineSettings('/run/pg', 'durable')
  for (const setting of ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'listen_addresses='])
    expect(durable).toContain(setting)
  const disposable = commandLineSettings('/run/pg', 'disposable')
  for (const setting of ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses='])
    expect(disposable).toContain(setting)
  const file = configurationFile('durable', 'off')
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes'])
    expect(file).not.toMatch(new RegExp(`^${name} =`, 'm'))
})
