// The face of sign-in to other features.
export { anyone, readOrgContext, readOrigin, signedIn } from './context'
export { actAs, findByPassword, identify, isAdmitted, readCookies } from './identify'
export { createMailToken, forgetExpiredMailTokens, sendVerification } from './mail-tokens'
export { type Page, readId, readStrangersFrame, showErrorPage, showPage, type Visit } from './page-visit'
export { hashPassword, judgePassword, verifyPassword } from './password'
export { randomWord } from './random-word'
export { createSession, endSession, endUserSessions, forgetExpiredSessions, sessionSeconds, sha256 } from './session'
export { listAccessTokens, showAccessToken } from './tokens'
