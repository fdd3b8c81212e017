import { join } from 'node:path'

/** The repository's root. */
export const root = join(import.meta.dirname, '..')

/** Where `npm run build` puts the bundled Worker. */
export const workerBundle = join(root, 'dist/worker')

/** Where the web app is built to; also named in wrangler.toml. */
export const webBuild = join(root, 'web/build')

/** A program of one of our packages. */
export const bin = (name: string) => join(root, 'node_modules/.bin', name)
