// The face of sign-in to other features.
import { forgetExpiredMailTokens } from './mail-tokens'
import { forgetExpiredSessions as endExpiredSessions } from './session'

export { BrandHead } from './account-page'
export { createWindow, TooManyAttempts } from './attempts'
export { readClientAddress } from './client-address'
export { anyone, readOrgContext, readOrigin, signedIn, withRetryAfter } from './context'
export { startSession } from './cookies'
export { type Fields, FormToken, problemsOf, receiveForm, wordsOf } from './form-page'
export { actAs, findByPassword, identify, isAdmitted, readCookies } from './identify'
export { findSender, sendAs } from './in-process'
export { createMailToken, sendVerification } from './mail-tokens'
export { type Page, readId, readStrangersFrame, showErrorPage, showPage, speakTo, type Visit } from './page-visit'
export { receiveParcel } from './parcel'
export { hashPassword, judgePassword, verifyPassword } from './password'
export { randomWord } from './random-word'
export { createSession, endSession, endUserSessions, sessionSeconds, sha256 } from './session'
export {
  createAccessToken,
  getAccessToken,
  listAccessTokens,
  removeAccessToken,
  showAccessToken,
  updateAccessToken,
} from './tokens'

/** Forgets sessions and links of mails whose time is over. */
export const forgetExpiredSessions = async () => {
  await endExpiredSessions()
  await forgetExpiredMailTokens()
}
