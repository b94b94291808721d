// German of the pages of labelled points and shapes in space.
export const cloudShapeTexts: Readonly<Record<string, string>> = {
  'Points and lines': 'Punkte und Linien',
  'Export or import…': 'Exportieren oder importieren …',
  'Labels of single points, lines, areas and key points, which the formats of annotations do not hold.':
    'Labels einzelner Punkte, Linien, Flächen und Merkpunkte, die die Formate der Annotationen nicht kennen.',
  'With the point clouds': 'Mit den Punktwolken',
  'What is there already': 'Was schon da ist',
  'Is replaced on the frames of the file': 'Wird auf den Bildern der Datei ersetzt',
  'Stays, the file lies on top': 'Bleibt, die Datei liegt darüber',
}
