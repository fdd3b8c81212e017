// render-reference
//
// The API's reference as one page of HTML, made from the OpenAPI document itself. No script, no font and no style
// from anywhere else: it reads the same on a machine without a network.

import type { ApiDocument, JsonSchema, Operation } from './describe-api.ts'

/** The keywords that the page knows how to read. */
interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
}

/** The page. `styleNonce` is the one its policy lets through. */
export function renderReference(document: ApiDocument, styleNonce: string): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))]
  const schemas = Object.entries(document.components.schemas)

  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag)
    return `<section id="${slug(tag)}"><h2>${escape(tag)}</h2>${own.map(renderOperation).join('')}</section>`
  })
  const links = [...tags, 'Schemas'].map((tag) => `<a href="#${slug(tag)}">${escape(tag)}</a>`)

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)}</title>
<style nonce="${styleNonce}">${style}</style>
</head>
<body>
<nav aria-label="Sections"><strong>${escape(document.info.title)}</strong>${links.join('')}</nav>
<main>
<h1>${escape(document.info.title)} <small>${escape(document.info.version)}</small></h1>
${paragraphs(document.info.description)}
<p><a href="/api/v2/openapi.json">OpenAPI 3.1 document</a></p>
${sections.join('\n')}
<section id="schemas"><h2>Schemas</h2>${schemas.map(renderSchema).join('')}</section>
</main>
</body>
</html>`
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const body = operation.requestBody?.content['application/json'].schema
  const parameters = operation.parameters.map(
    ({ name, in: place, required, description, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${escape(place)}${required ? ', required' : ''}</td>` +
      `<td>${typeOf(schema)}</td><td>${inline(description ?? '')}</td></tr>`,
  )
  const responses = Object.entries(operation.responses).map(
    ([status, { description, content }]) =>
      `<tr><td>${escape(status)}</td><td>${inline(description ?? '')}</td>` +
      `<td>${typeOf(dataOf(content?.['application/json'].schema))}</td></tr>`,
  )
  return `<article>
<h3>${escape(operation.summary ?? path)}</h3>
<p class="address"><span class="method ${method}">${method.toUpperCase()}</span> <code>${escape(path)}</code></p>
${paragraphs(operation.description ?? '')}
${parameters.length === 0 ? '' : `<h4>Parameters</h4><table>${parameters.join('')}</table>`}
${body === undefined ? '' : `<h4>Body</h4><p>${typeOf(body)}</p>`}
<h4>Answers</h4><table>${responses.join('')}</table>
</article>`
}

/** Every good answer is in the envelope; what matters is in it. */
function dataOf(schema: JsonSchema | undefined): JsonSchema | Schema | undefined {
  return (schema as Schema | undefined)?.properties?.['data'] ?? schema
}

function renderSchema([name, described]: [string, JsonSchema]): string {
  const schema = described as Schema
  const rows = Object.entries(schema.properties ?? {}).map(
    ([key, property]) =>
      `<tr><td><code>${escape(key)}</code></td><td>${schema.required?.includes(key) === true ? 'required' : ''}</td>` +
      `<td>${typeOf(property)}</td><td>${inline(property.description ?? '')}</td></tr>`,
  )
  const table = rows.length === 0 ? `<p>${typeOf(schema)}</p>` : `<table>${rows.join('')}</table>`
  return `<article id="schema-${slug(name)}"><h3>${escape(name)}</h3>${paragraphs(schema.description ?? '')}${table}</article>`
}

function typeOf(described: JsonSchema | Schema | undefined): string {
  if (described === undefined) return ''
  const schema = described as Schema
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `<a href="#schema-${slug(name)}">${escape(name)}</a>`
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices !== undefined) return choices.map(typeOf).join(schema.allOf === undefined ? ' or ' : ' and ')
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${escape(String(value))}</code>`).join(' ')
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  if (schema.properties !== undefined) {
    return `{ ${Object.entries(schema.properties)
      .map(([key, property]) => `<code>${escape(key)}</code>: ${typeOf(property)}`)
      .join(', ')} }`
  }
  return escape([schema.type ?? 'any'].flat().join(' or '))
}

function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => `<p>${inline(part)}</p>`)
    .join('')
}

/** Text with `code` in it. */
function inline(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `
:root{color-scheme:light dark;--ink:light-dark(#1d2430,#e6e9ef);--soft:light-dark(#5b6675,#9aa5b4);
--line:light-dark(#e2e6ec,#2b323d);--paper:light-dark(#fff,#14181f);--tint:light-dark(#f5f7fa,#1b212b);
--accent:light-dark(#2456d6,#8fb0ff)}
*{box-sizing:border-box}
body{margin:0;display:grid;grid-template-columns:14rem minmax(0,1fr);font:15px/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
nav{position:sticky;top:0;align-self:start;height:100vh;overflow:auto;padding:2rem 1.25rem;border-right:1px solid var(--line);display:flex;flex-direction:column;gap:.4rem}
nav strong{margin-bottom:.75rem}
main{padding:2rem 2.5rem 6rem;max-width:60rem}
h1{font-size:1.75rem;margin:0 0 1rem}h1 small{color:var(--soft);font-weight:400}
h2{margin:3rem 0 1rem;font-size:1.25rem}h3{margin:0 0 .25rem;font-size:1.05rem}
h4{margin:1rem 0 .25rem;font-size:.8rem;color:var(--soft);font-weight:600}
article{padding:1.25rem;margin:0 0 1rem;border:1px solid var(--line);border-radius:10px;scroll-margin-top:1rem}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
code{font:.875em ui-monospace,monospace;background:var(--tint);padding:.1em .35em;border-radius:4px;overflow-wrap:anywhere}
.address{margin:.25rem 0 .5rem}.method{font:600 .75rem ui-monospace,monospace;color:var(--accent)}
p{margin:.25rem 0 .75rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.4rem .75rem .4rem 0;vertical-align:top}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto;flex-flow:row wrap;border:0}main{padding:1rem}table,tbody,tr,td{display:block}}
`
