// Terminal descriptions that come with blessed, as paths of files.
declare module 'blessed/usr/*' {
  const path: string
  export default path
}
