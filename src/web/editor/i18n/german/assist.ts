// German texts of the vision tools.

export const assistTexts: Readonly<Record<string, string>> = {
  'Follow the object over the next frames': 'Dem Objekt über die nächsten Bilder folgen',
  'Polygon along edges': 'Polygon entlang von Kanten',
  'Point by point': 'Punkt für Punkt',
  'Along edges (intelligent scissors)': 'Entlang von Kanten (intelligente Schere)',
  'Cut out of a box': 'Aus einem Rahmen ausgeschnitten',
  Painted: 'Gemalt',
  'By superpixels': 'Mit Superpixeln',
  'Mask of superpixels': 'Maske aus Superpixeln',
  'The superpixels are still being worked out': 'Die Superpixel werden noch berechnet',
  'Cutting the picture into superpixels…': 'Das Bild wird in Superpixel zerlegt …',
  'Paint over what belongs to it, right button takes away, Alt+click for finer or coarser ones, N accepts':
    'Übermalen, was dazugehört; rechte Taste nimmt weg, Alt+Klick für feinere oder gröbere, N übernimmt',
  'Polygon cut out of a box': 'Polygon, aus einem Rahmen ausgeschnitten',
  'Mask cut out of a box': 'Maske, aus einem Rahmen ausgeschnitten',
  'Click on an edge; the line follows it to the pointer': 'Auf eine Kante klicken; die Linie folgt ihr bis zum Zeiger',
  'Click to fix the line, Shift draws straight, N or the first point closes, right click takes back':
    'Klick hält die Linie fest, Umschalt zeichnet gerade, N oder der erste Punkt schließt, Rechtsklick nimmt zurück',
  'A polygon needs at least three points': 'Ein Polygon braucht mindestens drei Punkte',
  'Drag a box around the object': 'Einen Rahmen um das Objekt ziehen',
  'Working out the outline…': 'Der Umriss wird ermittelt …',
  'Click adds to the object, right click takes away, N accepts, Ctrl+Z takes a click back, Esc starts anew':
    'Klick fügt zum Objekt hinzu, Rechtsklick nimmt weg, N nimmt an, Strg+Z nimmt einen Klick zurück, Esc beginnt neu',
  'The outline is still being worked out': 'Der Umriss wird noch ermittelt',
  'Nothing was found in the box': 'Im Rahmen wurde nichts gefunden',
  'The object is not on this frame': 'Das Objekt ist nicht auf diesem Bild',
  'The object was lost on frame {frame}': 'Das Objekt ging auf Bild {frame} verloren',
  'The object left the picture on frame {frame}': 'Das Objekt hat das Bild auf Bild {frame} verlassen',
  'Following: {done} of {count} frames; choosing another object stops it':
    'Folgt: {done} von {count} Bildern; ein anderes Objekt zu wählen hält an',
  'Followed over {count} frames': 'Über {count} Bilder gefolgt',
  'The vision tools failed: {reason}': 'Die Bildwerkzeuge sind gescheitert: {reason}',
  'Follow the object': 'Dem Objekt folgen',
  Follow: 'Folgen',
  Method: 'Verfahren',
  'Optical flow: quick, follows size': 'Optischer Fluss: schnell, folgt der Größe',
  'MIL: slower, holds on to weak texture': 'MIL: langsamer, hält sich auch an schwache Muster',
  'The next frames get a key frame each where the object went. Correct one and follow on from there.':
    'Die nächsten Bilder bekommen je ein Schlüsselbild dort, wohin das Objekt ging. Eines berichtigen und von dort weiter folgen.',
  'The picture of this frame is not there yet': 'Das Bild dieses Frames ist noch nicht da',
}
