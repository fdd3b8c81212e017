/** Where the build puts files whose names change with their content. */
const builtFiles = '/_app/'

/**
 * Answers with a file of the web app; with the page of the app where there is none, since the app knows its own
 * addresses. A part of an older build is missing, and says so: a page in its place would be run as a script.
 */
export async function answerFile(request: Request, path: string, assets: Fetcher): Promise<Response> {
  const answer = await assets.fetch(request)
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true
  if (!isPage || !path.startsWith(builtFiles)) return answer
  return new Response('There is no such file.', { status: 404, headers: { 'cache-control': 'no-store' } })
}
