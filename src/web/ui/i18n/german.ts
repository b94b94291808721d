// German: the texts of the pages by their English wording.
export const german: Readonly<Record<string, string>> = {}
