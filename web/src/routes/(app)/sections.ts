import type { Icon } from '#lib/ui/icon.ts'
import Approvals from '@lucide/svelte/icons/clipboard-check'
import House from '@lucide/svelte/icons/house'
import History from '@lucide/svelte/icons/history'
import Contact from '@lucide/svelte/icons/contact-round'
import Settings from '@lucide/svelte/icons/settings'
import Workflow from '@lucide/svelte/icons/workflow'

export interface Section {
  href: '/' | '/workflows' | '/executions' | '/approvals' | '/contacts' | '/settings'
  label: string
  icon: Icon
  /** Pressed after g: g w opens the workflows. */
  key: string
}

/** The places of the app, in the order of the rail. */
export const sections: readonly Section[] = [
  { href: '/', label: 'Home', icon: House, key: 'h' },
  { href: '/workflows', label: 'Workflows', icon: Workflow, key: 'w' },
  { href: '/executions', label: 'Executions', icon: History, key: 'e' },
  { href: '/approvals', label: 'Approvals', icon: Approvals, key: 'a' },
  { href: '/contacts', label: 'Contacts', icon: Contact, key: 'c' },
  { href: '/settings', label: 'Settings', icon: Settings, key: 's' },
]

/** Whether a path is in a section. */
export function isIn(section: Section, pathname: string): boolean {
  return section.href === '/' ? pathname === '/' : pathname === section.href || pathname.startsWith(`${section.href}/`)
}
