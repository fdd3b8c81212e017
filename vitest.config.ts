// Where a test runs is decided by its folder.
//
//   test/web                    the browser's modules, compiled by Svelte, in plain Node
//   test/store runtime api      in workerd, on real D1 and Durable Objects
//   test/server                 against the built product, started as `npm start` starts it
//   test/e2e                    the same, through a browser
//   everything else             plain Node: fast, and most of the tests

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'
import { impatientConsumers } from './test/support/impatient-consumers.ts'
import { answerOutbound } from './test/support/outbound.ts'

const inWorkerd = ['store', 'runtime', 'api']
const onServer = ['server', 'e2e']
/** Long enough for a machine that is busy with several things: a test that is slow is not wrong. */
const patience = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } }
const inFolders = (folders: string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...inFolders([...inWorkerd, ...onServer, 'web'])],
          // One of them goes through all others beside the simulation, which takes longer than they do together.
          maxWorkers: 2,
          env: { TZ: 'UTC' },
          ...patience,
        },
      },
      {
        plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
        resolve: { conditions: ['browser'] },
        test: { name: 'web', include: inFolders(['web']), env: { TZ: 'UTC' }, ...patience },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            // Not the built one that wrangler.toml names.
            main: './worker/index.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                LEAT_SECRET: 'a secret that only tests use, long enough',
                LEAT_SETUP_TOKEN: 'a setup token that only tests use',
                MIGRATIONS: {
                  DB: await readD1Migrations('migrations/db'),
                  LOGS: await readD1Migrations('migrations/logs'),
                },
              },
              queueConsumers: impatientConsumers,
              // Nothing in a test leaves the machine.
              outboundService: answerOutbound,
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: inFolders(inWorkerd),
          setupFiles: ['test/support/apply-migrations.ts'],
          // One runtime for all files: to start one and load the Worker into it takes longer than most of them. The databases
          // are made anew in between, see `apply-migrations.ts`.
          isolate: false,
          maxWorkers: 1,
          ...patience,
        },
      },
      ...onServer.map((folder) => ({
        test: {
          name: folder,
          include: inFolders([folder]),
          globalSetup: [
            'test/support/build.ts',
            'test/support/prepare-folder.ts',
            ...(folder === 'e2e' ? ['test/support/unpack-browser.ts'] : []),
          ],
          // Each file has a server of its own, on a copy of one data folder. Two at a time, because most of what they do is
          // wait, and no more, because the machine may be small.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 30_000 } },
          env: { TZ: 'UTC' },
        },
      })),
    ],
  },
})
