// German: conflicts with the ground truth.
export const reviewTexts: Readonly<Record<string, string>> = {
  'Missing annotation': 'Annotation fehlt',
  'Extra annotation': 'Überzählige Annotation',
  'Wrong label': 'Falsches Label',
  'Fits badly': 'Passt schlecht',
  'Wrong direction': 'Falsche Richtung',
  'Wrong attributes': 'Falsche Attribute',
  'Wrong group': 'Falsche Gruppe',
  'Covered annotation': 'Verdeckte Annotation',
  '{wanted}, not {found}': '{wanted}, nicht {found}',
  'Ground truth in review': 'Ground Truth bei der Prüfung',
  Conflict: 'Widerspruch',
  'Copy the object of the ground truth': 'Objekt der Ground Truth übernehmen',
  'Copy from ground truth': 'Aus der Ground Truth übernommen',
  'Open an issue about it': 'Als Mangel melden',
  'Ground truth and conflicts': 'Ground Truth und Widersprüche',
  'One conflict with the ground truth': 'Ein Widerspruch zur Ground Truth',
  '{count} conflicts with the ground truth': '{count} Widersprüche zur Ground Truth',
  'The conflicts with the ground truth could not be read: {reason}':
    'Die Widersprüche zur Ground Truth ließen sich nicht lesen: {reason}',
}
