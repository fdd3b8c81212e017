/** Keeps a request's work alive: here nothing ends it but the death of its process. */
export function waitUntil(promise: Promise<unknown>): void {
  void promise.catch(() => undefined)
}

/** What `cloudflare:workers` gives the shell: a base class that keeps what its object is made with. */
export class DurableObject {
  readonly ctx: unknown
  readonly env: unknown

  constructor(ctx: unknown, env: unknown) {
    this.ctx = ctx
    this.env = env
  }
}
