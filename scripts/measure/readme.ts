// Takes the commands out of the README, so that what is measured is what people are told to type.

/** The lines of the code block after `<!-- NAME -->`. Throws when there is none. */
export function commandsOf(readme: string, name: string): string[] {
  const block = new RegExp(`<!-- ${name} -->\\s*\`\`\`\\w*\\n([\\s\\S]*?)\n\`\`\``).exec(readme)?.[1]
  const commands = block
    ?.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (!commands || commands.length === 0) throw new Error(`README.md has no code block marked ${name}`)
  return commands
}
