// What the product is measured against: a Worker that does nothing, and a Durable Object that creates itself and writes
// one row. Both are as small as they can be, on the same server.

import { DurableObject } from 'cloudflare:workers'

export class Bare extends DurableObject {
  put() {
    this.ctx.storage.sql.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT)')
    this.ctx.storage.sql.exec('INSERT INTO t (value) VALUES (?)', 'one row')
    return 'ok'
  }
}

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === '/object') {
      return new Response(await env.BARE.getByName(crypto.randomUUID()).put())
    }
    return new Response('pong')
  },
}
