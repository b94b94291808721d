// German: colours to choose, cards in menus, objects of layers, single points of skeletons, fields compared with fields.
export const sideTexts: Readonly<Record<string, string>> = {
  'Colour of the group': 'Farbe der Gruppe',
  'Colour of the object': 'Farbe des Objekts',
  'Colour of {name}': 'Farbe von {name}',
  'The colour was not stored: {reason}': 'Die Farbe wurde nicht gespeichert: {reason}',
  'and {count} more': 'und {count} weitere',
  'Move to layer': 'Auf Ebene gelegt',
  'Fold layer {layer}': 'Ebene {layer} zuklappen',
  'Unfold layer {layer}, to drag its objects': 'Ebene {layer} aufklappen, um ihre Objekte zu ziehen',
  'Show and unlock all points': 'Alle Punkte zeigen und entsperren',
  'Show and unlock points': 'Punkte gezeigt und entsperrt',
  'Hide point': 'Punkt verbergen',
  'Lock point': 'Punkt sperren',
  'Compare with': 'Vergleichen mit',
  'a value': 'einem Wert',
}
