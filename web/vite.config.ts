import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

const root = import.meta.dirname
const worker = process.env['LEAT_WORKER'] ?? 'http://localhost:8787'

/** What the Worker answers itself; everything else is this app. Sockets pass through as well. */
const proxy = Object.fromEntries(
  ['/api', '/hooks', '/ws', '/forms', '^/approvals/.', '/graphql'].map((path) => [path, { target: worker, ws: true }]),
)

export default defineConfig({
  root,
  plugins: [
    sveltekit({
      adapter: adapter({ pages: `${root}/build`, fallback: 'index.html' }),
      // The Worker adds what a <meta> may not say (frame-ancestors). Styles set by script need no exception, but
      // xyflow and bits-ui write style attributes into markup.
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
        },
      },
      compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
    }),
  ],
  // What the browser shares with the Worker may not ask for more than a browser has.
  resolve: { alias: { 'node:crypto': `${root}/src/lib/builder/expression/no-hash.ts` } },
  build: {
    // Browsers with light-dark(), so that every colour is written once.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A file inlined as data: would be refused by the policy above.
    assetsInlineLimit: 0,
    // Without this each icon that two pages share is a file of its own.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'icons', test: /@lucide[\\/]svelte/, minShareCount: 2 }] } },
    },
  },
  server: { proxy, fs: { allow: [`${root}/../worker`] } },
  preview: { proxy },
})
