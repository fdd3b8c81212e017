import type { CurrentMember } from '#contract/member.ts'
import { roleWords } from './role-words.ts'

/** What a member is told who is not who the page took them for. */
export interface Change {
  title: string
  detail: string
  /** What the page shows is another organization's. */
  isElsewhere: boolean
}

/** What became of a member meanwhile, in words; undefined where nothing did. `after` is undefined for one of nothing. */
export function whatChanged(before: CurrentMember, after: CurrentMember | undefined): Change | undefined {
  const { organization, role } = before
  if (after === undefined) {
    return {
      title: `You are no longer a member of ${organization.name}`,
      detail: 'Nor of another organization.',
      isElsewhere: true,
    }
  }
  if (after.organization.id !== organization.id) {
    const { name } = after.organization
    return after.organizations.some(({ id }) => id === organization.id)
      ? { title: `${name} was opened in another tab`, detail: 'This one shows it now, too.', isElsewhere: true }
      : {
          title: `You are no longer a member of ${organization.name}`,
          detail: `This page shows ${name} now.`,
          isElsewhere: true,
        }
  }
  if (after.role === role) return undefined
  const { label, meaning } = roleWords[after.role]
  return {
    title: `Your role in ${organization.name} is ${label} now`,
    detail: `${label}: ${meaning}.`,
    isElsewhere: false,
  }
}
