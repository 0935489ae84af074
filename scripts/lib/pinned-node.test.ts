import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findPinnedNode } from './pinned-node.mjs'

let root: string

beforeEach(() => {
  root = path.join(mkdtempSync(path.join(tmpdir(), 'tuntas-pinned-')), 'my checkout')
  mkdirSync(root)
})

afterEach(() => rmSync(path.dirname(root), { recursive: true }))

function installNode(platformAndArch: string) {
  const folder = path.join(root, 'node_modules', `node-${platformAndArch}`, 'bin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'node'), '')
  chmodSync(path.join(folder, 'node'), 0o755)
  return path.join(folder, 'node')
}

const onLinux = (more: Parameters<typeof findPinnedNode>[0] = {}) =>
  findPinnedNode({ root, platform: 'linux', arch: 'x64', runningVersion: 'v20.19.0', ...more })

test('without node_modules it says npm ci', () => {
  expect(onLinux().problem).toContain('npm ci')
})

test('the pinned Node comes first, even when the running one is newer', () => {
  const pinned = installNode('linux-x64')
  expect(onLinux()).toEqual({ node: pinned })
  expect(onLinux({ runningVersion: 'v26.0.0' })).toEqual({ node: pinned })
})

test('each processor has its own', () => {
  const pinned = installNode('linux-arm64')
  expect(onLinux({ arch: 'arm64' })).toEqual({ node: pinned })
})

test('without a pinned one, the running Node does when it is new enough', () => {
  mkdirSync(path.join(root, 'node_modules'))
  const running = { runningVersion: 'v24.0.0', runningPath: '/usr/bin/node' }
  expect(onLinux({ ...running, platform: 'darwin' })).toEqual({ node: '/usr/bin/node' })
})

test('without a pinned one and with an old Node it says what is needed', () => {
  mkdirSync(path.join(root, 'node_modules'))
  const { problem } = onLinux({ arch: 'riscv64' })
  expect(problem).toContain('needs Node 24')
  expect(problem).toContain('v20.19.0')
})
