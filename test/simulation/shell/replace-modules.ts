// replace-modules: what the Worker imports that is not ours to run in plain Node, or would not be deterministic
//
// Everything else of the Worker runs as it is. Import this before anything of the shell: it answers for what comes after.

import { registerHooks } from 'node:module'

const here = (file: string) => new URL(file, import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'cloudflare:workers') return { url: here('./cloudflare-workers.ts'), shortCircuit: true }
    const found = next(specifier, context)
    // It keeps chance of the run before.
    if (found.url.endsWith('/worker/lib/random-bytes.ts')) return { ...found, url: here('./random-bytes.ts') }
    // Isolates have the fakes of the world: random programs for plans, the target for the way out.
    if (found.url.endsWith('/worker/runtime/isolate.ts')) return { ...found, url: here('./isolate.ts') }
    // The only node type that acts is the one of random programs.
    const isAsked = context.parentURL?.endsWith('/worker/runtime/calls/calls.ts') === true
    if (isAsked && found.url.endsWith('/worker/nodes/registry.ts')) return { ...found, url: here('./node-types.ts') }
    return found
  },
})
