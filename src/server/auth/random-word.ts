// Random words of letters and digits: keys and tokens that nobody guesses.
const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Each character is one of 62, all equally likely. */
export const randomWord = (length: number): string => {
  let word = ''
  while (word.length < length)
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      // 248 is the largest multiple of 62 that a byte reaches.
      if (byte < 248 && word.length < length) word += alphanumerics[byte % 62]
    }
  return word
}
