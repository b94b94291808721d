// Two processes that tell each other things through Redis, as two connections of their own.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBroadcast } from './broadcast'

const redisServer = Bun.which('redis-server')

describe.skipIf(!redisServer)('broadcast', () => {
  const home = mkdtempSync(join(tmpdir(), 'annolith-broadcast-'))
  let child: Bun.Subprocess
  let url: string
  beforeAll(async () => {
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    const { port } = listener
    listener.stop(true)
    child = Bun.spawn([redisServer!, '--port', String(port), '--bind', '127.0.0.1', '--dir', home, '--save', ''], {
      stdout: 'ignore',
    })
    url = `redis://127.0.0.1:${port}`
    for (;;) {
      const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).catch(() => undefined)
      if (socket) return void socket.end()
      await Bun.sleep(20)
    }
  })
  afterAll(async () => {
    child?.kill()
    await child?.exited
    rmSync(home, { recursive: true, force: true })
  })

  test('the others hear each text once and in order, the speaker does not', async () => {
    const heard = { one: [] as string[], two: [] as string[], three: [] as string[] }
    const join = (name: keyof typeof heard) => openBroadcast(url, 'test', (text) => void heard[name].push(text))
    const untilHeard = async (text: string, ...names: (keyof typeof heard)[]) => {
      while (!names.every((name) => heard[name].includes(text))) await Bun.sleep(1)
    }
    const [one, two, three] = [await join('one'), await join('two'), await join('three')]
    one.send('first "text" with blanks')
    one.send('second')
    await untilHeard('second', 'two', 'three')
    two.send('back')
    await untilHeard('back', 'one', 'three')
    expect(heard).toEqual({
      one: ['back'],
      two: ['first "text" with blanks', 'second'],
      three: ['first "text" with blanks', 'second', 'back'],
    })
    await Promise.all([one.close(), two.close(), three.close()])
  })
})
