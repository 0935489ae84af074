import { describe, expect, it } from 'vitest'
import { judgeOpenApi } from './openapi-rules.ts'

const operation = {
  summary: 'Reads it',
  parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
  responses: {
    200: {
      description: 'It',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/It' } } },
    },
  },
}
const document = {
  openapi: '3.1.0',
  info: { title: 'T', description: 'D', version: '1' },
  paths: { '/it/{id}': { get: operation } },
  components: { schemas: { It: { type: 'object' } } },
}

it('lets a whole document through', () => {
  expect(judgeOpenApi(document, 1)).toEqual([])
})

describe('refuses', () => {
  const withOperation = (change: object, path = '/it/{id}') => ({
    ...document,
    paths: { [path]: { get: { ...operation, ...change } } },
  })
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'no object'],
    ['an older version', { ...document, openapi: '3.0.3' }, 'version 3.0.3'],
    ['a head without a title', { ...document, info: { version: '1', description: 'D' } }, 'no title'],
    ['too little', { ...document, paths: {} }, 'fewer than 1'],
    ['no summary', withOperation({ summary: '' }), 'GET /it/{id} has no summary'],
    ['no good answer', withOperation({ responses: { 400: {} } }), 'what a good answer is'],
    ['a path parameter without words', withOperation({ parameters: [] }), 'does not describe {id}'],
    ['a parameter that is not there', withOperation({}, '/it'), 'which is not in the path'],
    ['a parameter of another framework', withOperation({ parameters: [] }, '/it/:id'), 'not written as one'],
    ['a reference to nothing', { ...document, components: {} }, 'points to #/components/schemas/It'],
  ])('%s', (_name, wrong, expected) => {
    expect(judgeOpenApi(wrong, 1).join('\n')).toContain(expected)
  })
})
