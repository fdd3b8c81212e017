// outbound
//
// What tests in workerd find outside: one host, `sink.example.com`, that does what its path says and remembers who called.
// Everything else is a network that is not there.
//
//   /ok/<name>            200 with what was sent
//   /fail/<times>/<name>  503 so many times, then as /ok
//   /status/<code>/<name> that status, always
//   /slow/<ms>/<name>     as /ok, after so long
//   /hang/<name>          never answers
//   /ledger/<name>        the idempotency keys of the calls to that name, in order

const ledger = new Map<string, string[]>()

export async function answerOutbound(request: Request): Promise<Response> {
  const url = new URL(request.url)
  if (url.hostname !== 'sink.example.com') return new Response('There is no network in tests.', { status: 599 })
  const [, behaviour = '', ...rest] = url.pathname.split('/')
  const name = rest.at(-1) ?? ''
  const calls = ledger.get(name) ?? []
  if (behaviour === 'ledger') return Response.json(calls)
  ledger.set(name, [...calls, request.headers.get('idempotency-key') ?? ''])
  switch (behaviour) {
    case 'ok':
      return Response.json({ got: await request.text() })
    case 'fail':
      return calls.length < Number(rest[0]) ? new Response('busy', { status: 503 }) : Response.json({ ok: true })
    case 'status':
      return new Response('as you wish', { status: Number(rest[0]) })
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, Number(rest[0])))
      return Response.json({ got: await request.text() })
    case 'hang':
      return new Promise(() => {})
    default:
      return new Response('no such behaviour', { status: 404 })
  }
}
