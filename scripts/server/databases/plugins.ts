// plugins
//
// How the Worker's databases come to be in another workerd. Miniflare loads this file by its name and asks for what it
// puts into workerd's configuration; the bindings that ask for it are made here too.
//
// At one end of a socket is D1's own binding, with the socket where Miniflare would put its simulation of D1; at the other
// end is that very simulation. What goes over the socket is what goes between the two in one process, so nothing of ours
// is on the way of a statement, and a database that cannot be reached is a D1 error like any other.

import { rmSync } from 'node:fs'
import { SharedBindings, type Plugin, type V4WorkerOptions } from 'miniflare'

type Options = Parameters<Plugin['getBindings']>[0]
type UnsafeBinding = NonNullable<V4WorkerOptions['unsafeBindings']>[number]

/** A database behind a socket of the file system. */
interface Place {
  database: string
  socket: string
}

const reached = 'leat-database'
const offered = 'leat-database-socket'

/** A D1 binding of that name, to a database behind a socket. */
export function databaseBehind(socket: string, database: string): UnsafeBinding {
  return binding(database, reached, { database, socket })
}

/** Not for the Worker that has it: it opens a socket to a database that is bound beside it. */
export function socketOf(socket: string, database: string): UnsafeBinding {
  return binding(`${database}_SOCKET`, offered, { database, socket })
}

function binding(name: string, type: string, { database, socket }: Place): UnsafeBinding {
  return { name, type, plugin: { package: import.meta.filename, name: type }, options: { database, socket } }
}

function placesOf(options: Options, type: string): Place[] {
  return Object.values(options.config.env ?? {}).flatMap((bound) => {
    if (!isUnsafe(bound) || bound.type !== `unsafe:${type}`) return []
    const { database, socket } = bound.dev?.options ?? {}
    return typeof database === 'string' && typeof socket === 'string' ? [{ database, socket }] : []
  })
}

type Bound = NonNullable<Options['config']['env']>[string]
type UnsafeBound = Extract<Bound, { type: `unsafe:${string}` }>

const isUnsafe = (bound: Bound): bound is UnsafeBound => bound.type.startsWith('unsafe:')

const serviceName = (database: string) => `${reached}:${database}`

const databases: Plugin = {
  bindingTypeDescription: 'D1 database of another process',
  getBindings: (options) =>
    placesOf(options, reached).map(({ database }) => ({
      name: database,
      wrapped: {
        moduleName: 'cloudflare-internal:d1-api',
        innerBindings: [{ name: 'fetcher', service: { name: serviceName(database) } }],
      },
    })),
  // Only the Worker asks.
  getNodeBindings: () => ({}),
  getServices: ({ options }) =>
    placesOf(options, reached).map(({ database, socket }) => ({
      name: serviceName(database),
      external: { address: `unix:${socket}`, http: {} },
    })),
}

/** Where Miniflare's D1 answers; the database is named by the caller. */
const simulation = 'd1:db:entry'

const sockets: Plugin = {
  bindingTypeDescription: 'socket of a D1 database',
  getBindings: () => [],
  getNodeBindings: () => ({}),
  getServices: ({ options }) => ({
    services: [],
    extensions: [],
    sockets: placesOf(options, offered).map(({ database, socket }) => {
      // Asked at each start of workerd, also after one that died: what that left cannot be listened on again.
      rmSync(socket, { force: true })
      const props = { json: JSON.stringify({ [SharedBindings.TEXT_NAMESPACE]: database }) }
      return {
        name: `${offered}:${database}`,
        address: `unix:${socket}`,
        service: { name: simulation, props },
        http: {},
      }
    }),
  }),
}

/** What Miniflare looks for in this file. */
export const plugins: Record<string, Plugin> = { [reached]: databases, [offered]: sockets }
