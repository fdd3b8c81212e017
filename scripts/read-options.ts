import { parseArgs, type ParseArgsConfig } from 'node:util'

/** The options of a command, as `parseArgs` reads them. Says what is wrong with them and ends with 1 where something is. */
export function readOptions<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const known = Object.keys(config.options ?? {}).map((name) => `--${name}`)
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nThere are ${known.join(', ')}.\n`)
    process.exit(1)
  }
}

/** For a command that takes neither options nor words: says so and ends with 1 where some are given. */
export function readNoOptions(hint = ''): void {
  const [first] = process.argv.slice(2)
  if (first === undefined) return
  process.stderr.write(
    `"${first}" means nothing here: this command takes no options.${hint === '' ? '' : ` ${hint}`}\n`,
  )
  process.exit(1)
}
