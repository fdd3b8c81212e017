import { appError, type AppError } from '../../lib/app-error.ts'
import { readAll } from '../../lib/read-all.ts'
import type { NamedValues } from './dedupe.ts'

/** Decoded bytes a webhook may have. */
export const maxBodyBytes = 1024 * 1024

/**
 * The body's bytes, decompressed; `headers` are those of the request. It is counted while it is unpacked and given up at the
 * first byte too many, so a small body that unpacks to a huge one never does. Throws `AppError` `request.too_large`,
 * `request.unsupported_media_type` for an encoding other than gzip and deflate, or `request.invalid`.
 */
export async function readBody(request: Request, headers: NamedValues): Promise<Uint8Array> {
  const announced = headers.get('content-length') ?? undefined
  if (announced !== undefined && Number(announced) > maxBodyBytes) {
    await request.body?.cancel()
    throw tooLarge()
  }
  const encoding = (headers.get('content-encoding') ?? '').trim().toLowerCase()
  const isPlain = encoding === '' || encoding === 'identity'
  // A length that was announced is kept by HTTP itself: no need to count, nor for a stream, which costs as much as hashing.
  if (isPlain && announced !== undefined) return new Uint8Array(await request.arrayBuffer())
  if (request.body === null) return new Uint8Array(0)
  if (isPlain) return readWithin(request.body)
  switch (encoding) {
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
  return appError('request.too_large', {
    message: `The body is larger than ${maxBodyBytes} bytes.`,
    details: { maxBytes: maxBodyBytes },
  })
}
