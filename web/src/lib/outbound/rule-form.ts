import { OutboundPattern, type OutboundLimit, type OutboundRule } from '#contract/outbound.ts'

/** A rule as its form has it: figures are text until they are saved. */
export interface RuleForm {
  host: string
  isLimited: boolean
  calls: string
  per: OutboundLimit['per']
  burst: string
  breaker: boolean
}

export function formOf(rule: OutboundRule | undefined): RuleForm {
  const { calls, per, burst } = rule?.limit ?? { calls: 60, per: 'minute' as const, burst: 10 }
  return {
    host: rule?.host ?? '',
    isLimited: rule === undefined || rule.limit !== null,
    calls: String(calls),
    per,
    burst: String(burst),
    breaker: rule?.breaker ?? true,
  }
}

/** Whether it is for all hosts below a name. */
export function isWide({ host }: Pick<RuleForm, 'host'>): boolean {
  return host.trim().startsWith('*.')
}

export interface RuleProblems {
  host?: string
  calls?: string
  burst?: string
}

/** What must be mended before a rule is saved, by field. */
export function ruleProblems({ host, isLimited, calls, burst }: RuleForm): RuleProblems {
  const problems: RuleProblems = {}
  if (host.trim() === '') problems.host = 'Which host? For example api.example.com.'
  else if (!OutboundPattern.safeParse(host).success)
    problems.host = 'A host such as api.example.com, or *.example.com for all below it.'
  if (isLimited && !isCount(calls, 100_000)) problems.calls = 'A whole number from 1 to 100,000.'
  if (isLimited && !isCount(burst, 10_000)) problems.burst = 'A whole number from 1 to 10,000.'
  return problems
}

/** The rule that a form without problems stands for. */
export function ruleOf({ host, isLimited, calls, per, burst, breaker }: RuleForm) {
  const limit = isLimited ? { calls: Number(calls), per, burst: Number(burst) } : null
  return { host: host.trim(), limit, breaker }
}

/** What a rule says, in a line. */
export function ruleWords({ host, limit, breaker }: Pick<OutboundRule, 'host' | 'limit' | 'breaker'>): string {
  const pace =
    limit === null
      ? 'As fast as steps come'
      : `${limit.calls.toLocaleString('en')} ${limit.calls === 1 ? 'call' : 'calls'} per ${limit.per}, ${limit.burst.toLocaleString('en')} at once`
  const each = isWide({ host }) && limit !== null ? `${pace}, for each host` : pace
  return breaker ? each : `${each} · called however often it fails`
}

function isCount(text: string, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most
}
