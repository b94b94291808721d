// WebAssembly files are imported as paths.
declare module '*.wasm' {
  const path: string
  export default path
}
