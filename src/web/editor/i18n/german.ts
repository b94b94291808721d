// German: every text of the editor by its English wording.

export const german: Readonly<Record<string, string>> = {}
