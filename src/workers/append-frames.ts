// Turns files into further frames of a task.
import { appendFrames as appendToTask } from '../server/data/growing/service'
import { runRequest } from '../server/requests/service'
import type { Handler } from './index'

export const appendFrames: Handler<'append-frames'> = ({ payload }) => runRequest(payload.requestId, appendToTask)
