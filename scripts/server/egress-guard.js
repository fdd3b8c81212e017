// The last door of the local server. Everything the Worker fetches leaves through here.
//
// `worker/egress/` decides by name and address before it fetches. What it cannot see is where a name leads: workerd
// resolves it later. So the network the Worker is given reaches public addresses only, and the pairs in ALLOW are the one
// exception. This is defence in depth and it has no policy of its own.

export default {
  /** @param {Request} request  @param {{ ALLOW: string[], PUBLIC: Fetcher, ANYWHERE: Fetcher }} env */
  fetch(request, env) {
    const url = new URL(request.url)
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    return (env.ALLOW.includes(`${url.hostname}:${port}`) ? env.ANYWHERE : env.PUBLIC).fetch(request)
  },
}
