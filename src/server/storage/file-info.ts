// Files and folders as listings of the share and of buckets show them.

export type FileInfo = { name: string; type: 'REG' | 'DIR'; mime_type: string }

const kinds: [RegExp, string][] = [
  [/\.(jpe?g|jpe|jfif|png|webp|bmp|dib|gif|tiff?|avif|jp2|ppm|pgm|pbm|pnm|tga|ico|heic|heif)$/i, 'image'],
  [/\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|m2v|ts|mts|m2ts|wmv|asf|flv|ogv|3gp)$/i, 'video'],
  [/\.(zip|tar|gz|tgz|bz2|tbz2?|xz|txz|7z|rar|cpio|zst)$/i, 'archive'],
  [/\.(mp3|wav|flac|ogg|oga|m4a|aac|opus)$/i, 'audio'],
  [/\.(pcd|ply|las|laz)$/i, 'point_cloud'],
  [/\.pdf$/i, 'pdf'],
]

/** What kind of media a file is, by its name: `image`, `video`, `archive`, … or `unknown`. */
export const kindOfFile = (name: string): string => kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown'

export const showFile = (name: string): FileInfo => ({ name, type: 'REG', mime_type: kindOfFile(name) })
export const showFolder = (name: string): FileInfo => ({ name, type: 'DIR', mime_type: 'DIR' })
