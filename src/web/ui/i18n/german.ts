// German: the texts of the pages by their English wording.

import { germanAccounts } from './german-accounts'
import { germanAdmin } from './german-admin'
import { germanAnalytics } from './german-analytics'
import { germanCalibration } from './german-calibration'
import { cloudShapeTexts } from './german-cloud-shapes'
import { germanCreating } from './german-creating'
import { germanFind } from './german-find'
import { germanModels } from './german-models'
import { germanOptions } from './german-options'
import { germanQuality } from './german-quality'
import { germanSuspects } from './german-suspects'
import { germanThings } from './german-things'
import { germanWork } from './german-work'

const frame = {
  'API documentation': 'API-Dokumentation',
  About: 'Über Annolith',
  Admin: 'Verwaltung',
  'As the system': 'Wie das System',
  Dark: 'Dunkel',
  Everything: 'Alles',
  Gallery: 'Galerie',
  'Find anything (Ctrl+K)': 'Alles finden (Strg+K)',
  'First steps': 'Erste Schritte',
  Invitations: 'Einladungen',
  Jobs: 'Aufträge',
  Light: 'Hell',
  Main: 'Hauptmenü',
  Models: 'Modelle',
  'New organization': 'Neue Organisation',
  Organization: 'Organisation',
  'Password and tokens': 'Passwort und Schlüssel',
  Personal: 'Persönlich',
  'Personal workspace': 'Persönlicher Bereich',
  Profile: 'Profil',
  Projects: 'Projekte',
  Requests: 'Vorgänge',
  Settings: 'Einstellungen',
  'Settings and members': 'Einstellungen und Mitglieder',
  'Sign out': 'Abmelden',
  'Skip to content': 'Zum Inhalt',
  Storages: 'Speicher',
  Tasks: 'Aufgaben',
}

const errors = {
  Back: 'Zurück',
  'It may have been removed, or the address is wrong.': 'Es wurde vielleicht entfernt, oder die Adresse stimmt nicht.',
  'No access': 'Kein Zugang',
  'Not found': 'Nicht gefunden',
  'Something went wrong': 'Etwas ging schief',
  'Start page': 'Startseite',
  'The server could not answer. What happened is in its log; trying again may help.':
    'Der Server konnte nicht antworten. Näheres steht in seinem Protokoll; ein neuer Versuch hilft vielleicht.',
  'This does not work': 'Das geht so nicht',
  'You do not have permission to see this. Ask its owner, or switch to the right organization.':
    'Sie dürfen das nicht sehen. Fragen Sie, wem es gehört, oder wechseln Sie in die richtige Organisation.',
}

const lists = {
  'Assigned to me': 'Mir zugewiesen',
  'Assign…': 'Zuweisen …',
  Assignee: 'Zuständig',
  Clear: 'Zurücksetzen',
  Exports: 'Exporte',
  Failed: 'Fehlgeschlagen',
  Filter: 'Filter',
  'Narrow and sort {noun}': '{noun} einschränken und ordnen',
  'New project': 'Neues Projekt',
  'New task': 'Neue Aufgabe',
  'Next page': 'Nächste Seite',
  'No {noun} match': 'Keine passenden {noun}',
  Nobody: 'Niemand',
  'Not completed': 'Nicht abgeschlossen',
  'Nothing fits the search and filters above.': 'Nichts passt zu Suche und Filtern.',
  'Owned by me': 'Meine eigenen',
  'Per page': 'Je Seite',
  'Previous page': 'Vorige Seite',
  'Search {noun}': '{noun} suchen',
  'Show all {noun}': 'Alle {noun} zeigen',
  Sort: 'Ordnen',
  event: 'Ereignis',
  events: 'Ereignisse',
  job: 'Auftrag',
  jobs: 'Aufträge',
  'just now': 'gerade eben',
  of: 'von',
  project: 'Projekt',
  projects: 'Projekte',
  request: 'Vorgang',
  requests: 'Vorgänge',
  storage: 'Speicher',
  storages: 'Speicher',
  task: 'Aufgabe',
  tasks: 'Aufgaben',
  user: 'Konto',
  users: 'Konten',
  webhook: 'Webhook',
  webhooks: 'Webhooks',
}

const columns = {
  Action: 'Vorgang',
  Active: 'Aktiv',
  Address: 'Adresse',
  Bucket: 'Bucket',
  Created: 'Angelegt',
  Credentials: 'Zugangsdaten',
  Description: 'Beschreibung',
  Dimension: 'Dimension',
  'E-mail': 'E-Mail',
  Event: 'Ereignis',
  'First name': 'Vorname',
  Format: 'Format',
  Group: 'Gruppe',
  ID: 'Nummer',
  Job: 'Auftrag',
  'Job ID': 'Auftragsnummer',
  'Last name': 'Nachname',
  Mode: 'Art',
  Name: 'Name',
  Owner: 'Besitz',
  Project: 'Projekt',
  'Project ID': 'Projektnummer',
  'Project name': 'Projektname',
  Provider: 'Anbieter',
  Stage: 'Stufe',
  State: 'Zustand',
  Status: 'Status',
  Subset: 'Teilmenge',
  Target: 'Ziel',
  'Task ID': 'Aufgabennummer',
  'Task name': 'Aufgabenname',
  Type: 'Typ',
  Updated: 'Geändert',
  User: 'Konto',
  'User name': 'Benutzername',
  Webhook: 'Webhook',
  When: 'Wann',
  Who: 'Wer',
}

const states = {
  acceptance: 'Abnahme',
  annotation: 'Annotation',
  completed: 'abgeschlossen',
  failed: 'fehlgeschlagen',
  finished: 'fertig',
  'in progress': 'in Arbeit',
  new: 'neu',
  queued: 'wartet',
  rejected: 'zurückgewiesen',
  started: 'läuft',
  validation: 'Prüfung',
}

const menus = {
  'Back up': 'Sichern',
  Delete: 'Löschen',
  Disconnect: 'Trennen',
  Guide: 'Anleitung',
  'Move to a project': 'In ein Projekt verschieben',
  Open: 'Öffnen',
  'Open in the editor': 'Im Editor öffnen',
  'Open the issue tracker': 'Vorgangsverfolgung öffnen',
  'Restore from backup': 'Aus Sicherung wiederherstellen',
  'Show contents': 'Inhalt zeigen',
  Webhooks: 'Webhooks',
}

const emptyLists = {
  'A guide tells annotators what to mark and how, with pictures. It opens in the editor with their first job.':
    'Eine Anleitung sagt mit Bildern, was wie markiert wird. Beim ersten Auftrag öffnet sie sich im Editor.',
  'A project holds tasks that share the same labels. Make one, or start with a single task.':
    'Ein Projekt fasst Aufgaben mit denselben Labels zusammen. Legen Sie eines an, oder beginnen Sie mit einer einzelnen Aufgabe.',
  'A task is a set of pictures or a video with labels, cut into jobs for annotators.':
    'Eine Aufgabe ist eine Menge von Bildern oder ein Video mit Labels, geteilt in Aufträge.',
  'A task is a set of pictures or a video. It uses the labels of the project.':
    'Eine Aufgabe ist eine Menge von Bildern oder ein Video. Sie nutzt die Labels des Projekts.',
  'A webhook tells another server what happens here: new tasks, finished jobs, comments, exports.':
    'Ein Webhook meldet einem anderen Server, was hier geschieht: neue Aufgaben, fertige Aufträge, Kommentare, Exporte.',
  'Choose one at the top, or make a new one to share projects and tasks with others.':
    'Wählen Sie oben eine, oder legen Sie eine neue an, um Projekte und Aufgaben mit anderen zu teilen.',
  'Connect a bucket of S3, Azure or Google Cloud: tasks are made of its files, and exports and backups can go there.':
    'Verbinden Sie einen Bucket von S3, Azure oder Google Cloud: Aus seinen Dateien werden Aufgaben, Exporte und Sicherungen können dorthin.',
  'Every change that people make is written down here.': 'Jede Änderung wird hier festgehalten.',
  'Exports, imports and new tasks are worked on in the background and listed here.':
    'Exporte, Importe und neue Aufgaben entstehen im Hintergrund und stehen hier.',
  'Jobs appear when the frames of the task are there.': 'Aufträge erscheinen, sobald die Bilder der Aufgabe da sind.',
  'Jobs are the parts of a task that one annotator works on. They come with every task.':
    'Aufträge sind die Teile einer Aufgabe, an denen je eine Person arbeitet. Sie entstehen mit jeder Aufgabe.',
  'Make a project with labels first.': 'Legen Sie zuerst ein Projekt mit Labels an.',
  'Make accounts for the people who are to annotate.': 'Legen Sie Konten für die Annotierenden an.',
  'No guide yet': 'Noch keine Anleitung',
  'No invitations': 'Keine Einladungen',
  'No jobs yet': 'Noch keine Aufträge',
  'No models yet': 'Noch keine Modelle',
  'No organization chosen': 'Keine Organisation gewählt',
  'No project to move to': 'Kein Projekt vorhanden',
  'No projects yet': 'Noch keine Projekte',
  'No storage connected': 'Kein Speicher verbunden',
  'No tasks in this project': 'Keine Aufgaben in diesem Projekt',
  'No tasks yet': 'Noch keine Aufgaben',
  'No webhooks yet': 'Noch keine Webhooks',
  'Nobody here': 'Niemand da',
  'Nothing happened yet': 'Noch ist nichts geschehen',
  'Nothing has been asked for': 'Noch keine Vorgänge',
  'When somebody invites you to an organization, it stands here.': 'Einladungen in eine Organisation stehen hier.',
}

const forms = {
  'Address of the server': 'Adresse des Servers',
  'Anybody who can reach this server': 'Alle, die diesen Server erreichen',
  'At least 8 characters, not only digits, and nothing that is easily guessed.':
    'Mindestens 8 Zeichen, nicht nur Ziffern und nichts leicht zu Erratendes.',
  'Bucket or container': 'Bucket oder Container',
  'Check the receiver’s certificate': 'Zertifikat des Empfängers prüfen',
  'Clear attributes of annotations': 'Attribute der Annotationen löschen',
  Colours: 'Farben',
  'Compact rows show more on small screens.': 'Kompakte Zeilen zeigen auf kleinen Bildschirmen mehr.',
  'Ends all sessions and API keys of this account.': 'Beendet alle Sitzungen und API-Schlüssel dieses Kontos.',
  'Events are sent there as JSON by POST.': 'Dorthin gehen Ereignisse als JSON per POST.',
  Language: 'Sprache',
  Manifests: 'Manifeste',
  'May sign in': 'Darf sich anmelden',
  'New password': 'Neues Passwort',
  'New password again': 'Neues Passwort noch einmal',
  'Nobody: administrators make accounts, organizations invite':
    'Niemand: Die Verwaltung legt Konten an, Organisationen laden ein',
  'Only for servers other than the provider’s own, such as MinIO.': 'Nur für andere Server als die des Anbieters, etwa MinIO.',
  'Only these': 'Nur diese',
  'Only what begins like this is listed.': 'Nur was so beginnt, wird gezeigt.',
  'Optional: names of .jsonl files in the bucket, one a line. With a manifest, files need not be looked at one by one.':
    'Optional: Namen von .jsonl-Dateien im Bucket, einer je Zeile. Mit einem Manifest müssen Dateien nicht einzeln angesehen werden.',
  Password: 'Passwort',
  Prefix: 'Präfix',
  Region: 'Region',
  'Rows of lists': 'Zeilen von Listen',
  Secret: 'Geheimnis',
  'Signs in with': 'Anmeldung mit',
  'Signs what is sent (X-Signature-256: sha256=…), so that the receiver can tell who sent it.':
    'Unterschreibt das Gesendete (X-Signature-256: sha256=…), damit der Empfänger den Absender erkennt.',
  'Take the secret away': 'Geheimnis entfernen',
}

export const german: Readonly<Record<string, string>> = {
  ...germanAnalytics,
  ...germanModels,
  ...germanQuality,
  ...germanSuspects,
  ...frame,
  ...errors,
  ...lists,
  ...columns,
  ...states,
  ...menus,
  ...emptyLists,
  ...forms,
  ...germanThings,
  ...germanCreating,
  ...germanAccounts,
  ...germanAdmin,
  ...germanCalibration,
  ...cloudShapeTexts,
  ...germanFind,
  ...germanWork,
  ...germanOptions,
}
