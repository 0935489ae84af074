// The code of a signed statement, as people read and type it: groups of four, and what is easily mistaken understood.

/** `K7QF-2M9D-…`. */
export const codeInGroups = (code: string): string => code.match(/.{1,4}/g)?.join('-') ?? ''

/** What somebody typed as a code: without spaces and dashes, O as 0, I and L as 1; undefined when it is none. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(code) ? code : undefined
}
