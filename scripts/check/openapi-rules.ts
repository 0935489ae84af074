// What an OpenAPI 3.1 document of ours must hold to be of use to a reader. Pure: document in, problems out.

type Json = Record<string, unknown>

const methods = ['get', 'put', 'post', 'delete', 'patch']
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value that a local reference such as #/components/schemas/def-0 means; undefined when there is none. */
function follow(document: Json, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  return reference
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), document)
}

function danglingReferences(document: Json): string[] {
  const dangling = new Set<string>()
  function visit(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(visit)
    if (!isObject(value)) return
    const reference = value['$ref']
    if (typeof reference === 'string' && follow(document, reference) === undefined) dangling.add(reference)
    Object.values(value).forEach(visit)
  }
  visit(document)
  return [...dangling]
}

/** Problems of one document: its head, its operations, its references. `leastOperations` guards against an empty one. */
export function judgeOpenApi(document: unknown, leastOperations: number): string[] {
  if (!isObject(document)) return ['is no object']
  const problems: string[] = []
  if (!String(document['openapi']).startsWith('3.1.'))
    problems.push(`is of version ${String(document['openapi'])}`)
  const info = isObject(document['info']) ? document['info'] : {}
  for (const name of ['title', 'version', 'description']) if (!info[name]) problems.push(`has no ${name}`)
  const paths = isObject(document['paths']) ? document['paths'] : {}
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) =>
      isObject(item) && isObject(item[method]) ? [[path, method, item[method]] as const] : [],
    ),
  )
  if (operations.length < leastOperations)
    problems.push(`has ${operations.length} operations, fewer than ${leastOperations}`)
  for (const [path, method, operation] of operations)
    problems.push(
      ...judgeOperation(path, operation).map((problem) => `${method.toUpperCase()} ${path} ${problem}`),
    )
  problems.push(
    ...danglingReferences(document).map((reference) => `points to ${reference}, which is not there`),
  )
  return problems
}

function judgeOperation(path: string, operation: Json): string[] {
  const problems: string[] = []
  if (!operation['summary']) problems.push('has no summary')
  const responses = isObject(operation['responses']) ? operation['responses'] : {}
  if (!Object.keys(responses).some((status) => status.startsWith('2')))
    problems.push('does not say what a good answer is')
  const parameters = (Array.isArray(operation['parameters']) ? operation['parameters'] : []) as Json[]
  const told = parameters.filter((each) => each['in'] === 'path').map((each) => String(each['name']))
  const named = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
  for (const name of named) if (!told.includes(name)) problems.push(`does not describe {${name}}`)
  for (const name of told)
    if (!named.includes(name)) problems.push(`describes {${name}}, which is not in the path`)
  if (/:[a-z]/i.test(path)) problems.push('has a parameter that is not written as one')
  return problems
}
