// Reads CSV as RFC 4180 has it: quoted fields with commas, line ends and doubled quotes in them; a header names the columns.

/** Every record by its column names. Throws when a quote is never closed or the text has no header. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header, ...rows] = recordsOf(text.replace(/^\uFEFF/, ''))
  if (!header) throw new Error('the file is empty: a first line names the columns')
  return rows
    .filter((row) => row.length > 1 || row[0] !== '')
    .map((row) => Object.fromEntries(header.map((name, column) => [name.trim(), row[column] ?? ''])))
}

function recordsOf(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    if (quoted) {
      if (letter !== '"') field += letter
      else if (text[at + 1] === '"') field += text[++at]
      else quoted = false
    } else if (letter === '"' && field === '') quoted = true
    else if (letter === ',') {
      record.push(field)
      field = ''
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[at + 1] === '\n') at++
      records.push([...record, field])
      record = []
      field = ''
    } else field += letter
  }
  if (quoted) throw new Error('a quoted field is never closed')
  if (field !== '' || record.length > 0) records.push([...record, field])
  return records
}
