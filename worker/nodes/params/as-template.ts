/** An `expression` param as a template: people write it with or without the braces. An empty one gives null. */
export function asTemplate(expression: string): string {
  const trimmed = expression.trim()
  if (trimmed === '') return '{{ null }}'
  return trimmed.includes('{{') ? trimmed : `{{ ${expression} }}`
}
