// The page's end of the worker that holds points: questions as promises.
import type { Answer, Ask, Operation, Operations } from './protocol'

export type Points = {
  /** Rejects with what went wrong. Positions are handed over: give a copy. */
  ask: <O extends Operation>(operation: O, values: Operations[O]['ask']) => Promise<Operations[O]['answer']>
  close: () => void
}

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void }

/** @param url address of points.worker.js */
export const openPoints = (url: string): Points => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0
  const failAll = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason))
    waiting.clear()
    worker?.terminate()
    worker = undefined
  }
  const start = (): Worker => {
    const started = new Worker(url)
    started.onmessage = ({ data }: MessageEvent<Answer>) => {
      const asked = waiting.get(data.id)
      waiting.delete(data.id)
      if ('problem' in data) asked?.reject(new Error(data.problem))
      else asked?.resolve(data.value as never)
    }
    started.onerror = (event) => failAll(event.message || 'The tools for points could not be loaded')
    return started
  }
  return {
    ask: (operation, values) => {
      worker ??= start()
      const id = ++lastId
      const ask = { id, operation, values } as Ask
      const moved = 'positions' in values ? [values.positions.buffer as ArrayBuffer] : []
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker!.postMessage(ask, moved)
      })
    },
    close: () => failAll('The tools for points were closed'),
  }
}
