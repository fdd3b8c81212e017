import type { Builder } from '../builder.svelte.ts'
import { saveFile } from '#lib/ui/save-file.ts'
import { workflowText } from '../model/clipboard.ts'

/** Hands the workflow on the screen to the browser as a file. */
export function exportWorkflow({ name, editor }: Builder): void {
  saveFile(`${fileName(name)}.json`, workflowText(name, editor.graph))
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
