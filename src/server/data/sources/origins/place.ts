// Where the files of a task lie, as the API tells it.
import { readCloudName } from '../../../media/media'

/** By the media name of one of its files. */
export const placeOf = (file: string): 'local' | 'share' | 'cloud_storage' =>
  readCloudName(file) ? 'cloud_storage' : file.startsWith('share:') ? 'share' : 'local'
