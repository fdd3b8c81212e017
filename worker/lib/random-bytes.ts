const pool = new Uint8Array(4_096)
let used = pool.length

/** Unguessable bytes, at most a page of them. Fetched by the page: the platform takes as long for ten as for a thousand. */
export function randomBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const bytes = pool.slice(used, used + count)
  used += count
  return bytes
}
