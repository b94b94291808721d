// German texts of camera fusion in the 3D workspace.
export const sceneFusionTexts: Readonly<Record<string, string>> = {
  'Edit in a picture': 'In einem Bild bearbeiten',
  'Cuboids on the pictures': 'Quader auf den Bildern',
  'Show the pointer in pictures and views': 'Zeiger in Bildern und Ansichten zeigen',
  'Points in the colours of the pictures': 'Punkte in den Farben der Bilder',
  'Calibration from one file': 'Kalibrierung aus einer Datei',
  'Calibration from {count} files': 'Kalibrierung aus {count} Dateien',
  'The task has no calibration yet: it can be added on the page of the task.':
    'Die Aufgabe hat noch keine Kalibrierung; sie lässt sich auf der Seite der Aufgabe hinzufügen.',
  'Colouring the points…': 'Punkte werden eingefärbt …',
  'No picture of this frame has a calibration': 'Kein Bild dieses Frames hat eine Kalibrierung',
  'One point has a colour of a picture': 'Ein Punkt hat die Farbe eines Bildes',
  '{count} points have colours of the pictures': '{count} Punkte haben Farben der Bilder',
  'The points could not be coloured: {reason}': 'Die Punkte konnten nicht eingefärbt werden: {reason}',
  'No calibration': 'Keine Kalibrierung',
  Pictures: 'Bilder',
}
