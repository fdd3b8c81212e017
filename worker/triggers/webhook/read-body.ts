import { appError, type AppError } from '../../lib/app-error.ts'

/** Decoded bytes a webhook may have. */
export const maxBodyBytes = 1024 * 1024

/**
 * The body's bytes, decompressed. It is counted while it is unpacked and given up at the first byte too many, so a
 * small body that unpacks to a huge one never does. Throws `AppError` `request.too_large`,
 * `request.unsupported_media_type` for an encoding other than gzip and deflate, or `request.invalid`.
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array(0)
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) {
    await request.body.cancel()
    throw tooLarge()
  }
  const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  switch (encoding) {
    case '':
    case 'identity':
      // A length that was announced and is within the limit is kept by HTTP itself: no need to count.
      if (request.headers.has('content-length')) return new Uint8Array(await request.arrayBuffer())
      return readAll(request.body)
    case 'gzip':
    case 'x-gzip':
      return readDecoded(request.body, 'gzip')
    case 'deflate':
      return readDecoded(request.body, 'deflate')
    default:
      await request.body.cancel()
      throw appError('request.unsupported_media_type', {
        message: 'Only gzip and deflate are understood as content encodings.',
        details: { contentEncoding: encoding.slice(0, 80) },
      })
  }
}

async function readDecoded(body: ReadableStream<Uint8Array>, format: 'gzip' | 'deflate'): Promise<Uint8Array> {
  try {
    return await readAll(body.pipeThrough(new DecompressionStream(format)))
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause
    throw appError('request.invalid', { message: `The body is not valid ${format}.`, cause })
  }
}

async function readAll(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBodyBytes) {
      // Not awaited: cancelling a decompressor whose source is still sending may never settle.
      reader.cancel().catch(() => undefined)
      throw tooLarge()
    }
    chunks.push(value)
  }
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

function tooLarge(): AppError {
  return appError('request.too_large', { details: { maxBytes: maxBodyBytes } })
}
