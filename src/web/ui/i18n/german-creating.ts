// German: new tasks, first steps, forms that work without scripts.
export const germanCreating = {
  'Cancel the queued ones': 'Wartende abbrechen',
  'Choose a folder': 'Einen Ordner wählen',
  'For example: {name}': 'Zum Beispiel: {name}',
  'Make the cancelled ones after all': 'Abgebrochene doch anlegen',
  OK: 'OK',
  'One for each video, archive, PDF document or folder of pictures.':
    'Eine für jedes Video, Archiv, PDF-Dokument oder jeden Ordner mit Bildern.',
  'Several tasks': 'Mehrere Aufgaben',
  'Submit {count} tasks': '{count} Aufgaben anlegen',
  'Template of the names': 'Vorlage der Namen',
  'Try the failed ones again': 'Fehlgeschlagene noch einmal versuchen',
  cancelled: 'abgebrochen',
  creating: 'wird angelegt',
  done: 'fertig',
  uploading: 'wird hochgeladen',
  '{done} of {count} done, {failed} failed': '{done} von {count} fertig, {failed} fehlgeschlagen',
  '{file} stands for the name of the file or folder, {index} for its number.':
    '{file} steht für den Namen der Datei oder des Ordners, {index} für die Nummer.',
}
