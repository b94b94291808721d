// A model that cannot be used, in words that name its file and may be shown.
export class ModelError extends Error {}
