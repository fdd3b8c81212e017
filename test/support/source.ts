// What the architecture test knows about a source file: what it imports and which globals it uses.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import ts from 'typescript'
import { root } from '../../scripts/paths.ts'

export interface Import {
  /** A path from the repository's root for a file of ours, otherwise the name as written. */
  target: string
  isOurs: boolean
  /** Gone when the code runs: `import type`, or nothing but types between the braces. */
  isTypeOnly: boolean
  /** Written as `import()`: loaded when the code comes there, and not with the file. */
  isLazy: boolean
}

export interface Source {
  /** From the repository's root, with forward slashes. */
  path: string
  imports: Import[]
  /** Names used that no parameter or variable around them declares, dotted as far as they go: `fetch`, `Date.now`. */
  globals: Set<string>
}

/** Every source file under a folder, except tests' declarations and what was generated. */
export function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|svelte)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !/(^|\/)(node_modules|build|\.svelte-kit)\//.test(path))
    .map(readSource)
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const code = path.endsWith('.svelte') ? scriptsOf(text) : text
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext, true)
  return { path, imports: importsOf(file, path), globals: globalsOf(file) }
}

function scriptsOf(markup: string): string {
  return [...markup.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code]) => code).join('\n')
}

const { imports: aliases }: { imports: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

/** The path behind a `#name` of package.json, from the repository's root. */
function fromAlias(name: string): string | undefined {
  for (const [alias, path] of Object.entries(aliases)) {
    const [start = '', end] = alias.split('*')
    if (end === undefined ? name === alias : name.startsWith(start)) {
      return path.replace('./', '').replace('*', name.slice(start.length))
    }
  }
  return undefined
}

function importsOf(file: ts.SourceFile, path: string): Import[] {
  const found: Import[] = []
  const add = (name: string, isTypeOnly: boolean, isLazy = false) => {
    const target = name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : fromAlias(name)
    found.push({ target: target ?? name, isOurs: target !== undefined, isTypeOnly, isLazy })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnlyImport(node.importClause))
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments
      if (name !== undefined && ts.isStringLiteral(name)) add(name.text, false, true)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const { name, namedBindings } = clause
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly)
}

function globalsOf(file: ts.SourceFile): Set<string> {
  const used = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isAwaitExpression(node)) used.add('await')
    if (ts.isIdentifier(node) && isUse(node) && !isDeclaredAround(node)) used.add(dotted(node))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return used
}

/** Whether an identifier stands for a value here, and is not the name of a member or of what is being declared. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node
  if (ts.isParameter(parent)) return parent.initializer === node
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node
  if (ts.isMethodDeclaration(parent) || ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent)) return false
  return !ts.isImportSpecifier(parent) && !ts.isImportClause(parent) && !ts.isExportSpecifier(parent)
}

function isDeclaredAround(node: ts.Identifier): boolean {
  const declares = (name: ts.BindingName): boolean =>
    ts.isIdentifier(name)
      ? name.text === node.text
      : name.elements.some((element) => ts.isBindingElement(element) && declares(element.name))
  for (let around: ts.Node = node.parent; around !== undefined; around = around.parent) {
    if (ts.isFunctionLike(around) && around.parameters.some(({ name }) => declares(name))) return true
    if (ts.isBlock(around) || ts.isSourceFile(around)) {
      for (const statement of around.statements) {
        if (ts.isFunctionDeclaration(statement) && statement.name?.text === node.text) return true
        if (!ts.isVariableStatement(statement)) continue
        if (statement.declarationList.declarations.some(({ name }) => declares(name))) return true
      }
    }
  }
  return false
}

function dotted(node: ts.Identifier): string {
  const { parent } = node
  const isObject = ts.isPropertyAccessExpression(parent) && parent.expression === node
  if (isObject) return `${node.text}.${parent.name.text}`
  if (ts.isNewExpression(parent) && parent.expression === node && (parent.arguments?.length ?? 0) === 0) {
    return `new ${node.text}()`
  }
  return node.text
}
