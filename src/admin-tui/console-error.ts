// Why the console cannot run here, in words for the person who started it.

export class ConsoleError extends Error {}
