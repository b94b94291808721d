// German: what is done with projects, tasks, jobs and organizations, one by one and many at once.
export const germanThings = {
  'A task in a project moves together with its project.': 'Eine Aufgabe in einem Projekt zieht mit diesem um.',
  'Another storage must hold the same files.': 'In einem anderen Speicher müssen dieselben Dateien liegen.',
  Cancel: 'Abbrechen',
  Choose: 'Wählen',
  'Choose where it goes.': 'Wählen Sie, wohin es geht.',
  'Choose where it goes; what goes along is said before anything happens.':
    'Wählen Sie, wohin es geht; was mitgeht, steht hier, bevor etwas geschieht.',
  'Choose…': 'Wählen …',
  'Frames are read from': 'Bilder liegen in',
  'Go to the project': 'Zum Projekt',
  'Go to the task': 'Zur Aufgabe',
  'Goes along: {things}, all frames, labels, annotations, issues and the guide.':
    'Das geht mit: {things}, alle Bilder, Labels, Annotationen, Anmerkungen und die Anleitung.',
  'Its annotations and issues are removed for good. The other jobs stay as they are.':
    'Seine Annotationen und Anmerkungen werden endgültig entfernt. Die anderen Aufträge bleiben, wie sie sind.',
  'Job {id}: {open} open and {resolved} resolved issues': 'Auftrag {id}: {open} offene und {resolved} erledigte Anmerkungen',
  'Members of the organization get access by their roles.': 'Mitglieder der Organisation erhalten Zugang nach ihren Rollen.',
  'Members of the organization lose access; owner and assignees keep theirs.':
    'Mitglieder der Organisation verlieren den Zugang; Besitz und Zuständige behalten ihn.',
  Move: 'Verschieben',
  'Move to an organization': 'In eine Organisation verschieben',
  'No members there, so they lose their assignments: {people}.':
    'Dort keine Mitglieder und deshalb nicht länger zuständig: {people}.',
  'No subset': 'Ohne Teilmenge',
  'Source and target storages stay behind: imports and exports use this server until others are chosen.':
    'Quell- und Zielspeicher bleiben zurück: Importe und Exporte nutzen diesen Server, bis andere gewählt sind.',
  'Source storage': 'Quellspeicher',
  'Target storage': 'Zielspeicher',
  'There is no organization where you may put it.': 'Es gibt keine Organisation, in die Sie es legen dürfen.',
  'This server': 'Dieser Server',
  To: 'Nach',
  'Where annotations are imported from': 'Woher Annotationen importiert werden',
  'Where exports go': 'Wohin Exporte gehen',
  '{count} replicas': '{count} Kopien',
  '{open} open, {resolved} resolved': '{open} offen, {resolved} erledigt',
} as const
