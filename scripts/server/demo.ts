import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** How to use the demo organization. The same as JSON in `.leat/demo.json`. */
export interface Demo {
  url: string
  email: string
  password: string
  apiKey: string
  hookUrl: string
}

interface SetupAnswer {
  success: boolean
  data?: { email: string; password: string; apiKey: string; hookPath: string }
  error?: { code: string; message: string }
}

/**
 * The demo organization of this installation: asked for once, then read from the file.
 *
 * The Worker makes it on `POST /api/v2/setup/demo` and answers only whoever knows the token that this server gave it.
 * A crash between its answer and the file means asking again, so the Worker must answer a second time with
 * sign-in data that works.
 */
export async function ensureDemo(file: string, url: string, setupToken: string): Promise<Demo> {
  if (existsSync(file)) return moved(file, JSON.parse(readFileSync(file, 'utf8')), url)
  const response = await fetch(`${url}/api/v2/setup/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-leat-setup-token': setupToken },
    body: '{}',
  })
  const text = await response.text()
  const answer = readAnswer(text)
  if (!response.ok || answer?.data === undefined) {
    throw new Error(`The demo could not be set up: ${response.status} ${answer?.error?.message ?? text.slice(0, 500)}`)
  }
  const { email, password, apiKey, hookPath } = answer.data
  return write(file, { url, email, password, apiKey, hookUrl: new URL(hookPath, url).href })
}

/** The installation may listen on another port today; whoever reads the file should find it. */
function moved(file: string, demo: Demo, url: string): Demo {
  if (demo.url === url) return demo
  return write(file, { ...demo, url, hookUrl: url + new URL(demo.hookUrl).pathname })
}

function readAnswer(text: string): SetupAnswer | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function write(file: string, demo: Demo): Demo {
  writeFileSync(file, JSON.stringify(demo, null, 2) + '\n', { mode: 0o600 })
  return demo
}
