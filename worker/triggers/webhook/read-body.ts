import { appError, type AppError } from '../../lib/app-error.ts'
import { readAll } from '../../lib/read-all.ts'

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
      return readWithin(request.body)
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
    return await readWithin(body.pipeThrough(new DecompressionStream(format)))
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause
    throw appError('request.invalid', { message: `The body is not valid ${format}.`, cause })
  }
}

async function readWithin(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const whole = await readAll(body, maxBodyBytes)
  if (whole === undefined) throw tooLarge()
  return whole
}

function tooLarge(): AppError {
  return appError('request.too_large', { details: { maxBytes: maxBodyBytes } })
}
