import type { Builder } from '../builder.svelte.ts'
import { workflowText } from '../model/clipboard.ts'

/** Hands the workflow on the screen to the browser as a file. */
export function exportWorkflow({ name, editor }: Builder): void {
  const file = new Blob([workflowText(name, editor.graph)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `${fileName(name)}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}

function fileName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '')
  return (
    plain
      .replace(/[^a-zA-Z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase() || 'workflow'
  )
}
