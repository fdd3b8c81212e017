import type { Definition } from './define.ts'

export const definitions: readonly Definition[] = []
