import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { judgeOpenApi } from './openapi-rules.ts'
import { composePlatform, composeRooms, type RunningPlatform } from '../../server/compose.ts'
import { buildAgentsFace, buildCustomersFace } from '../../server/faces.ts'
import type { Face } from '#platform/http.ts'

let test: TestPlatform
let platform: RunningPlatform
const faces: Record<string, Face> = {}

beforeAll(async () => {
  test = await createTestPlatform()
  platform = await composePlatform(test.config, test.log, test.connectionString)
  const rooms = composeRooms(platform)
  faces['customers'] = await buildCustomersFace(platform, rooms)
  faces['agents'] = await buildAgentsFace(platform, rooms)
  for (const face of Object.values(faces)) await face.ready()
})
afterAll(async () => {
  for (const face of Object.values(faces)) await face.close()
  await platform.db.close()
  await test.close()
})

it.each([
  ['customers', '/docs/customer', 19],
  ['customers', '/docs/merchant', 4],
  ['agents', '/docs/console', 12],
])('the face of %s describes itself at %s', async (name, path, leastOperations) => {
  const document = await faces[name]!.inject(`${path}/json`)
  expect(document.statusCode).toBe(200)
  expect(judgeOpenApi(document.json(), leastOperations)).toEqual([])
  const page = await faces[name]!.inject(`${path}/`)
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toContain('text/html')
})
