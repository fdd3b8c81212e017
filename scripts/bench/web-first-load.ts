import { gzipSync } from 'node:zlib'
import { launchBrowser } from '../../test/support/browser.ts'

/** Somebody who can sign in. */
export interface Visitor {
  url: string
  email: string
  password: string
}

/**
 * Compressed JavaScript that a browser loads to show a signed-in person their workflows, in kB: all that comes before the
 * builder opens. Measured in a browser with nothing kept, each file packed by itself as a server would.
 */
export async function webFirstLoadKb({ url, email, password }: Visitor): Promise<number> {
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ baseURL: url })
    const signedIn = await context.request.post('/api/auth/sign-in/email', {
      data: { email, password },
      headers: { origin: url },
    })
    if (!signedIn.ok()) throw new Error(`Signing in was answered with ${signedIn.status()}.`)

    const page = await context.newPage()
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      if (!/javascript/.test(response.headers()['content-type'] ?? '')) return
      sizes.push(response.body().then((body) => gzipSync(body).byteLength))
    })
    await page.goto('/workflows')
    await page.getByRole('main').waitFor()
    await page.waitForLoadState('networkidle')
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    if (bytes === 0) throw new Error('No JavaScript came: the web app is not built.')
    return Math.round(bytes / 100) / 10
  } finally {
    await browser.close()
  }
}
