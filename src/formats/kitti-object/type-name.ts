// Labels as the first column of KITTI's lines.

/** Names may have spaces, which part the columns. */
export const toTypeName = (name: string): string => name.trim().replace(/\s+/g, '_')
