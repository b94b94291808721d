// The guard of outgoing requests: addresses in all their forms, rebinding, redirects, and bounds (CVE-2022-31188, CVE-2024-37164).
import { afterAll, describe, expect, test } from 'bun:test'
import { type EgressError, type EgressOptions, egress, lookupSafely } from './egress'
import { isPublicAddress, mayReach, readExceptions } from './egress-address'

const seen: { path: string; method: string; headers: Headers; body: string }[] = []
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    seen.push({ path: pathname, method: request.method, headers: request.headers, body: await request.text() })
    if (pathname === '/to')
      return new Response(null, {
        status: Number(searchParams.get('status') ?? 302),
        headers: { location: searchParams.get('url')! },
      })
    if (pathname === '/loop') return new Response(null, { status: 302, headers: { location: '/loop' } })
    if (pathname === '/large') return new Response(new Uint8Array(100_000))
    if (pathname === '/never') return new Promise<Response>(() => {})
    if (pathname === '/drip')
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('a')) }))
    return new Response(`host ${request.headers.get('host')}`)
  },
})
afterAll(() => receiver.stop(true))
const here = `http://127.0.0.1:${receiver.port}`
const allow = ['127.0.0.1']
const faultOf = (url: string, options: EgressOptions = {}) =>
  egress(url, options).then(
    async (response) => (await response.bytes()) && 'none',
    (error: EgressError) => error.fault,
  )

describe('addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '100::1',
    'no address',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

  test('exceptions are addresses, ranges and names', () => {
    const exceptions = readExceptions(['127.0.0.2', '10.1.0.0/16', 'fd00::/8', 'Minio'])
    const may = (host: string, address: string) => mayReach(host, address, exceptions)
    expect([may('a', '127.0.0.2'), may('a', '::ffff:127.0.0.2'), may('a', '127.0.0.3')]).toEqual([true, true, false])
    expect([may('a', '10.1.9.9'), may('a', '10.2.0.1'), may('a', 'fd12::1')]).toEqual([true, false, true])
    expect([may('minio', '172.18.0.5'), may('minio.example', '172.18.0.5')]).toEqual([true, false])
  })
})

describe('requests', () => {
  test.each([
    here,
    `http://localhost:${receiver.port}`,
    `http://2130706433:${receiver.port}`,
    `http://0x7f.1:${receiver.port}`,
    `http://0177.0.0.1:${receiver.port}`,
    `http://127.1:${receiver.port}`,
    `http://0:${receiver.port}`,
    `http://[::1]:${receiver.port}`,
    `http://[::ffff:127.0.0.1]:${receiver.port}`,
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'no address',
  ])('%s is refused (CVE-2022-31188)', async (url) => {
    const before = seen.length
    expect(await faultOf(url, { allow: [] })).toBe('refused')
    expect(seen.length).toBe(before)
  })

  test('an allowed address is reached; method, headers and body arrive', async () => {
    const response = await egress(`${here}/x?y=1`, { allow, method: 'POST', headers: { 'x-a': 'b' }, body: 'hällo' })
    expect([response.status, await response.text()]).toEqual([200, `host 127.0.0.1:${receiver.port}`])
    const { method, headers, body } = seen.at(-1)!
    expect([method, headers.get('x-a'), body]).toEqual(['POST', 'b', 'hällo'])
  })

  test('a name that changes its address between check and use reaches only the checked one (CVE-2023-47116, DNS rebinding)', async () => {
    const asked: string[] = []
    const answers = ['127.0.0.1', '169.254.169.254']
    const resolve = async (host: string) => [{ address: answers[asked.push(host) - 1]!, family: 4 }]
    const response = await egress(`http://rebind.example:${receiver.port}/`, { allow, resolve })
    expect(await response.text()).toBe(`host rebind.example:${receiver.port}`)
    expect(asked).toEqual(['rebind.example'])
    expect(await faultOf(`http://rebind.example:${receiver.port}/`, { allow, resolve })).toBe('refused')
  })

  test('one bad address among good ones spoils a name', async () => {
    const resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '::ffff:10.0.0.1', family: 6 },
    ]
    expect(await faultOf('http://mixed.example/', { allow: [], resolve })).toBe('refused')
  })

  test('every redirect is judged anew, and their number is bounded', async () => {
    const to = (url: string, status = 302) => `${here}/to?status=${status}&url=${encodeURIComponent(url)}`
    expect(await (await egress(to('/end'), { allow })).text()).toStartWith('host')
    const before = seen.length
    expect(await faultOf(to(`http://127.0.0.2:${receiver.port}/`), { allow })).toBe('refused')
    expect(await faultOf(to('http://169.254.169.254/'), { allow })).toBe('refused')
    expect(await faultOf(to('http://[::ffff:169.254.169.254]/'), { allow })).toBe('refused')
    expect(await faultOf(to('file:///etc/passwd'), { allow })).toBe('refused')
    expect(seen.length - before).toBe(4)
    expect(await faultOf(`${here}/loop`, { allow, maxRedirects: 2 })).toBe('redirects')
    expect(seen.length - before).toBe(4 + 3)
    expect((await egress(to('/end'), { allow, maxRedirects: 0 })).status).toBe(302)
  })

  test('after a redirect: POST becomes GET except for 307, credentials stay with their origin', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    const post = (status: number, url: string) =>
      egress(`${here}/to?status=${status}&url=${encodeURIComponent(url)}`, {
        allow,
        resolve,
        method: 'POST',
        body: 'text',
        headers: { authorization: 'Bearer x', 'content-type': 'text/plain' },
      })
    await post(302, '/end')
    expect([seen.at(-1)!.method, seen.at(-1)!.body, seen.at(-1)!.headers.get('authorization')]).toEqual(['GET', '', 'Bearer x'])
    await post(307, `http://other.example:${receiver.port}/end`)
    expect([seen.at(-1)!.method, seen.at(-1)!.body, seen.at(-1)!.headers.get('authorization')]).toEqual(['POST', 'text', null])
  })

  test('size and time are bounded', async () => {
    expect((await (await egress(`${here}/large`, { allow })).bytes()).length).toBe(100_000)
    const tooLarge = await egress(`${here}/large`, { allow, maxBytes: 99_999 })
    await expect(tooLarge.bytes()).rejects.toMatchObject({ fault: 'too-large' })
    expect(await faultOf(`${here}/never`, { allow, timeoutMs: 50 })).toBe('timeout')
    const drip = await egress(`${here}/drip`, { allow, timeoutMs: 100 })
    await expect(drip.text()).rejects.toMatchObject({ fault: 'timeout' })
    const abort = new AbortController()
    const aborted = egress(`${here}/never`, { allow, signal: abort.signal })
    abort.abort(new Error('stopped'))
    await expect(aborted).rejects.toThrow('stopped')
  })

  test('names without an address and closed ports are unreachable', async () => {
    const fail = async () => {
      throw new Error('ENOTFOUND')
    }
    expect(await faultOf('http://nowhere.example/', { resolve: fail })).toBe('unreachable')
    const closed = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
    const { port } = closed
    await closed.stop(true)
    expect(await faultOf(`http://127.0.0.1:${port}/`, { allow })).toBe('unreachable')
  })

  test('agents of other libraries get the same judgement (CVE-2024-37164)', async () => {
    const error = await new Promise((resolve) => lookupSafely('localhost', { all: true }, resolve))
    expect(error).toMatchObject({ fault: 'refused' })
  })
})
