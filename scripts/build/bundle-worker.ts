import { build } from 'esbuild'
import { join } from 'node:path'
import { root } from '../paths.ts'

/**
 * The Worker as modules in `folder`: `index.js`, what it needs at once, and what only the API needs, which the first
 * request to the API loads. Throws with esbuild's messages.
 *
 * Not by wrangler, whose bundler makes one file of everything (docs/decisions/0021).
 */
export async function bundleWorker(folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'worker/index.ts')],
    outdir: folder,
    bundle: true,
    format: 'esm',
    splitting: true,
    sourcemap: true,
    // As wrangler would bundle it: packages give what they have for Cloudflare.
    platform: 'browser',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    define: { 'process.env.NODE_ENV': '"production"', 'navigator.userAgent': '"Cloudflare-Workers"' },
    // workerd has these itself (`nodejs_compat`).
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'silent',
  })
}
