// What a file of some name can be to a task: a table of extensions that uploads, archives and folders are judged by.

export type FileKind = 'picture' | 'pages' | 'video' | 'cloud' | 'scan' | 'pdf' | 'archive' | 'refused'

const kinds: Record<FileKind, string> = {
  picture: 'jpg jpeg jpe jfif png bmp avif',
  /** Pictures that may hold several frames. */
  pages: 'gif webp tif tiff',
  video: 'mp4 m4v mov mkv webm avi mpg mpeg m2v ts mts m2ts wmv asf flv ogv 3gp',
  cloud: 'pcd',
  /** Point clouds that are turned into PCD. */
  scan: 'bin ply las laz e57',
  pdf: 'pdf',
  archive: 'zip tar tgz tbz tbz2 txz tzst gz bz2 xz zst',
  refused: '7z rar cpio lzma lz4 cab iso mp3 wav flac ogg m4a svg svgz heic heif m3u m3u8 mpd pls',
}
const kindOfExtension = new Map(
  Object.entries(kinds).flatMap(([kind, extensions]) => extensions.split(' ').map((one) => [one, kind as FileKind])),
)

export const extensionOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

/** Undefined for names that tell nothing; the bytes may still be a picture or a video. */
export const kindOfName = (name: string): FileKind | undefined => kindOfExtension.get(extensionOf(name))

const reasons: [extensions: string, why: string][] = [
  ['7z rar cpio lzma lz4 cab iso', 'archives of this kind cannot be read; zip, tar, tar.gz, tar.bz2, tar.xz and tar.zst can'],
  ['mp3 wav flac ogg m4a', 'audio files cannot be annotated'],
  ['svg svgz', 'drawings have no pixels; make a PNG of it'],
  ['heic heif', 'HEIC pictures are not supported, because their codec is not free; make a JPEG, WebP or AVIF of it'],
  ['m3u m3u8 mpd pls', 'playlists are not videos; upload the videos themselves'],
]

/** Why a file of this name cannot be used; undefined when it may be. */
export const whyUnsupported = (name: string): string | undefined => {
  const extension = extensionOf(name)
  const reason = extension ? reasons.find(([extensions]) => extensions.split(' ').includes(extension)) : undefined
  return reason && `${name}: ${reason[1]}`
}
