import type { LucideProps } from '@lucide/svelte'
import type { Component } from 'svelte'

export type IconProps = LucideProps
/** An icon component, imported one by one: `import Play from '@lucide/svelte/icons/play'`. */
export type Icon = Component<IconProps>
