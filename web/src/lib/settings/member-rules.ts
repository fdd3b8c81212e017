import type { CurrentMember, Member, Role } from '#contract/member.ts'
import { roleNames, roleWords } from '../session/role-words.ts'

/** What somebody may do with a member. Where they may not, `why` says so in a sentence. The server decides. */
export interface MemberRules {
  /** Roles to choose from; undefined where the role stays. */
  roles: readonly { value: Role; label: string; detail: string; disabled: boolean }[] | undefined
  /** How the membership can be ended; undefined where it cannot. */
  end: 'leave' | 'remove' | undefined
  why: string | undefined
}

/**
 * What `me` may do with `member`. `owners` is how many owners there are: the last one stays. Nobody who may not manage
 * members has anything explained on every line: the page says it once.
 */
export function memberRules(
  me: Pick<CurrentMember, 'userId' | 'capabilities' | 'rolesToGive'>,
  member: Pick<Member, 'userId' | 'role'>,
  owners: number,
): MemberRules {
  const isMe = member.userId === me.userId
  if (member.role === 'owner' && owners <= 1 && (isMe || me.rolesToGive.includes('owner'))) {
    const why = isMe
      ? 'You are the only owner. Before you leave or become something else, make somebody else an owner.'
      : 'The only owner. Somebody else has to become one first.'
    return { roles: undefined, end: undefined, why }
  }
  if (!me.capabilities.includes('member.manage'))
    return { roles: undefined, end: isMe ? 'leave' : undefined, why: undefined }
  if (!me.rolesToGive.includes(member.role)) {
    return { roles: undefined, end: isMe ? 'leave' : undefined, why: aboveWords(member.role) }
  }
  return { roles: roleChoices(me.rolesToGive), end: isMe ? 'leave' : 'remove', why: undefined }
}

/** All roles, with what each comes to; those that may not be given say so. */
export function roleChoices(rolesToGive: readonly Role[]): NonNullable<MemberRules['roles']> {
  return roleNames.map((value) => {
    const { label, meaning } = roleWords[value]
    const isMine = rolesToGive.includes(value)
    return { value, label, detail: isMine ? meaning : `${meaning}; only an owner gives it`, disabled: !isMine }
  })
}

/** The members that have a text in their name or their address. */
export function fitting<Found extends Pick<Member, 'name' | 'email'>>(
  members: readonly Found[],
  text: string,
): readonly Found[] {
  const wanted = text.trim().toLocaleLowerCase()
  if (wanted === '') return members
  return members.filter((member) =>
    [member.name, member.email].some((said) => said.toLocaleLowerCase().includes(wanted)),
  )
}

function aboveWords(role: Role): string {
  return `Only an owner changes or removes ${role === 'owner' ? 'an owner' : 'them'}.`
}
