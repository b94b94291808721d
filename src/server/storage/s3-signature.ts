// Signature version 4 of Amazon's services, for S3. Source: "Signature Calculations for the Authorization Header" of its API reference.
import { createHash, createHmac } from 'node:crypto'
import { encodeQuery } from './object-names'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const sign = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()

export type SignedRequest = {
  method: string
  /** Without path. */
  origin: string
  /** Escaped already. */
  path: string
  query: Record<string, string>
  headers: Record<string, string>
}
export type S3Credentials = { key: string; secret: string; sessionToken?: string }

/** Headers to send, with those of the signature. The payload is not signed: transport security covers it. */
export const signS3 = (
  request: SignedRequest,
  region: string,
  credentials: S3Credentials,
  now = new Date(),
): Record<string, string> => {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const day = time.slice(0, 8)
  const headers: Record<string, string> = {
    ...request.headers,
    host: new URL(request.origin).host,
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amz-date': time,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    request.method,
    request.path,
    encodeQuery(request.query),
    ...names.map((name) => `${name}:${headers[name]!.trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const key = ['s3', 'aws4_request'].reduce(sign, sign(sign(`AWS4${credentials.secret}`, day), region) as Uint8Array)
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`)
    .digest('hex')
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.key}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`,
  }
}
