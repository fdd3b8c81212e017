import { functionCatalogue, type CatalogueEntry } from '../../worker/expressions/index.ts'

const begin = '<!-- Generated from the function catalogue by `node scripts/run.js docs`. Do not edit below. -->'
const end = '<!-- End of the generated part. -->'

const headings: Record<string, string> = {
  functions: 'Functions',
  text: 'Methods of text',
  number: 'Methods of numbers',
  date: 'Methods of dates',
  list: 'Methods of lists',
  object: 'Methods of objects',
  any: 'Methods of every value',
}

/** The document with its generated part made anew. Throws when it has no place for it. */
export function withFunctionReference(document: string): string {
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error('The document has no generated part.')
  return `${document.slice(0, from)}${begin}\n\n${functionReference()}\n${document.slice(to)}`
}

function functionReference(): string {
  return Object.entries(headings)
    .map(([kind, heading]) => {
      const entries = functionCatalogue.filter(({ on }) => (on ?? 'functions') === kind)
      return [`### ${heading}`, '', '| | | example |', '|---|---|---|', ...entries.map(toRow), ''].join('\n')
    })
    .join('\n')
}

function toRow({ signature, description, aliases, example, result }: CatalogueEntry): string {
  const others = aliases.length === 0 ? '' : ` Also ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`
  return `| ${code(signature)} | ${cell(description + others)} | ${code(example)} → ${code(JSON.stringify(result))} |`
}

/** Code in a table cell: `|` would end the cell, and a space at an edge would be lost. */
function code(source: string): string {
  const ticks = source.includes('`') ? '``' : '`'
  const pad = ticks.length === 2 ? ' ' : ''
  return `${ticks}${pad}${source.replaceAll('|', '\\|').replaceAll('\u00a0', ' ')}${pad}${ticks}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*')
}
