/**
 * The rule by which a host is called, of rules by host or pattern: its own, else that of the longest pattern it lies below.
 * `*.example.com` is for `api.example.com` and `eu.api.example.com`, and not for `example.com`.
 */
export function ruleFor<Rule>(rules: ReadonlyMap<string, Rule>, host: string): Rule | undefined {
  if (rules.size === 0) return undefined
  let rule = rules.get(host)
  for (let dot = host.indexOf('.'); rule === undefined && dot > 0; dot = host.indexOf('.', dot + 1)) {
    rule = rules.get(`*${host.slice(dot)}`)
  }
  return rule
}
