// Looks whether something has arrived in a watched folder.
import { scanWatch as scan } from '../server/data/growing/service'
import type { Handler } from './index'

export const scanWatch: Handler<'scan-watch'> = ({ payload }) => scan(payload.watchId)
