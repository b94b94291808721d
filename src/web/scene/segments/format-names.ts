// Names of the formats of labelled points as the server knows them; the formats themselves are no part of the browser's bundle.
export const cloudFormatNames = ['SemanticKITTI 1.0', 'Datumaro point labels 1.0'] as const
