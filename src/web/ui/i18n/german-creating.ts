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
  'A user name; empty: nobody': 'Ein Benutzername; leer: niemand',
  'Cancel the request': 'Vorgang abbrechen',
  'Cancel this request?': 'Diesen Vorgang abbrechen?',
  'Delete labels that are missing here, with all their annotations': 'Hier fehlende Labels mit allen ihren Annotationen löschen',
  'It is taken back while it waits for its turn.': 'Er wird zurückgenommen, solange er noch wartet.',
  'Labels as text': 'Labels als Text',
  'One name a line, or a JSON list as the API takes it.': 'Ein Name je Zeile, oder eine JSON-Liste wie in der API.',
  'This is not {name}.': 'Das ist nicht {name}.',
  'Access to its projects and tasks ends. Only an invitation brings it back.':
    'Der Zugang zu ihren Projekten und Aufgaben endet. Nur eine Einladung bringt ihn zurück.',
  'To be sure, type its name': 'Zur Sicherheit den Namen eingeben',
}
