// Alpine's build for strict policies comes without types.
declare module '@alpinejs/csp' {
  const Alpine: { data(name: string, island: () => object): void; start(): void }
  export default Alpine
}
