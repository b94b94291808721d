// German: what the options of the server mean.
export const germanOptions = {
  'CVAT version that clients are told': 'CVAT-Version, die Programmen genannt wird',
  'ClickHouse that events are copied to, as http://host:8123; without it nothing is copied':
    'ClickHouse, in das Ereignisse kopiert werden, als http://host:8123; ohne wird nichts kopiert',
  'PNG or SVG file that stands for the logo': 'PNG- oder SVG-Datei an der Stelle des Logos',
  'accepted for compatibility; nothing is ever sent': 'angenommen der Verträglichkeit wegen; gesendet wird nie etwas',
  'address to listen on': 'Adresse, auf der gelauscht wird',
  'address under which users reach the server, when a proxy hides it':
    'Adresse, unter der man den Server erreicht, wenn ein Proxy sie verbirgt',
  'automatic annotations that a person may have waiting or running (0: no limit)':
    'automatische Annotationen, die jemand wartend oder laufend haben darf (0: unbegrenzt)',
  'backups of the server that are kept; older ones are removed':
    'Sicherungen des Servers, die aufbewahrt werden; ältere werden entfernt',
  'bearer token that /metrics asks for; without one it answers this machine only':
    'Schlüssel, den /metrics verlangt; ohne antwortet es nur diesem Rechner',
  'calls of functions (models) that a person may make in a minute (0: no limit)':
    'Aufrufe von Funktionen (Modellen) je Person und Minute (0: unbegrenzt)',
  'check of e-mail addresses': 'Prüfung von E-Mail-Adressen',
  'dashboards of Nuclio whose functions are offered': 'Übersichten von Nuclio, deren Funktionen angeboten werden',
  'database of ClickHouse that gets the table of events': 'Datenbank von ClickHouse für die Tabelle der Ereignisse',
  'days an invitation by mail may be accepted': 'Tage, die eine Einladung per E-Mail gilt',
  'days that events of the audit log are kept (0: for ever)':
    'Tage, die Ereignisse des Protokolls aufbewahrt werden (0: für immer)',
  'days that the figures of analytics are kept (0: for ever)': 'Tage, die Zahlen der Auswertung aufbewahrt werden (0: für immer)',
  'days that the history of annotations is kept (0: for ever)':
    'Tage, die der Verlauf der Annotationen aufbewahrt wird (0: für immer)',
  'failed sign-ins after which an account has to wait (five times as many for an address); 0: no limit':
    'gescheiterte Anmeldungen, nach denen ein Konto warten muss (fünfmal so viele bei einer Adresse); 0: unbegrenzt',
  'file that holds the password of the user of ClickHouse': 'Datei mit dem Passwort für ClickHouse',
  'folder offered to users as the connected file share': 'Ordner, der als verbundene Freigabe angeboten wird',
  'hash of new passwords (md5: tests only)': 'Verschlüsselung neuer Passwörter (md5: nur für Tests)',
  'header in which a trusted proxy names the address of the client, such as X-Real-IP':
    'Kopfzeile, in der ein vertrauter Proxy die Adresse nennt, etwa X-Real-IP',
  'how much is logged': 'wie viel protokolliert wird',
  'largest model that may be uploaded': 'größtes Modell, das hochgeladen werden darf',
  'largest single uploaded file': 'größte einzelne hochgeladene Datei',
  'line under the name on the sign-in page': 'Zeile unter dem Namen auf der Anmeldeseite',
  'lines of the log for people or for collectors': 'Zeilen des Protokolls für Menschen oder für Sammler',
  'mail server as smtp://user:password@host:port or smtps://…; without it no mail is sent':
    'Mailserver als smtp://user:password@host:port oder smtps://…; ohne wird keine E-Mail gesendet',
  'models (ONNX files) that may be loaded at the same time': 'Modelle (ONNX-Dateien), die zugleich geladen sein dürfen',
  'most bytes that derived media may take': 'Bytes, die abgeleitete Medien höchstens belegen',
  'most jobs that one task may have (0: no limit)': 'Aufträge, die eine Aufgabe höchstens haben darf (0: unbegrenzt)',
  'most pixels that a picture may have': 'Pixel, die ein Bild höchstens haben darf',
  'name of the server in header, titles and on the sign-in page': 'Name des Servers in Kopf, Titeln und auf der Anmeldeseite',
  'password of the first administrator': 'Passwort des ersten Verwaltungskontos',
  'path of the ffmpeg program': 'Pfad des Programms ffmpeg',
  'percent of disk use from which the health check fails and new files are refused (100: never)':
    'Belegung der Platte in Prozent, ab der der Zustand als gestört gilt und neue Dateien abgelehnt werden (100: nie)',
  'PEM file of the certificate and its chain; with it the server speaks HTTPS':
    'PEM-Datei des Zertifikats mit seiner Kette; damit spricht der Server HTTPS',
  'PEM file of the key of the certificate': 'PEM-Datei des Schlüssels zum Zertifikat',
  'addresses and networks of proxies whose X-Forwarded-Proto and client address count (none: those of everybody)':
    'Adressen und Netze von Proxys, deren X-Forwarded-Proto und Adresse des Anfragenden gelten (keine: die von allen)',
  'requests that one address may send to one server in a minute (0: no limit)':
    'Anfragen, die eine Adresse in einer Minute an einen Server senden darf (0: keine Grenze)',
  'largest JSON body of one request': 'größter JSON-Inhalt einer Anfrage',
  'port to listen on': 'Port, auf dem gelauscht wird',
  'private addresses that outgoing requests may reach': 'private Adressen, die ausgehende Anfragen erreichen dürfen',
  'seconds after which a model that nobody asks is unloaded': 'Sekunden, nach denen ein ungenutztes Modell entladen wird',
  'seconds an abandoned upload may live': 'Sekunden, die ein abgebrochenes Hochladen liegen bleibt',
  'seconds over which failed sign-ins are counted': 'Sekunden, über die gescheiterte Anmeldungen gezählt werden',
  'seconds that a function may take for one answer': 'Sekunden, die eine Funktion für eine Antwort haben darf',
  'seconds the result of an export is kept': 'Sekunden, die das Ergebnis eines Exports aufbewahrt wird',
  'sender of mails': 'Absender der E-Mails',
  'sign-in providers (oidc, ldap, saml): tables in annolith.toml, a JSON list elsewhere':
    'Anbieter für die Anmeldung (oidc, ldap, saml): Tabellen in annolith.toml, sonst eine JSON-Liste',
  'threads for background work': 'Threads für Hintergrundarbeit',
  'threads that each loaded model computes with': 'Threads, mit denen jedes geladene Modell rechnet',
  'user of ClickHouse': 'Konto bei ClickHouse',
  'what the server says about itself': 'was der Server über sich sagt',
  'bucket in which media, uploads, results and files of guides lie, as s3://bucket/prefix?endpoint=…&region=… with the keys in AWS_ variables; without it the data directory':
    'Bucket für Medien, Uploads, Ergebnisse und Dateien von Anleitungen, als s3://bucket/prefix?endpoint=…&region=… mit den Schlüsseln in AWS_-Variablen; ohne Angabe das Datenverzeichnis',
  'file of at least 32 characters, the same on all hosts, out of which the keys that seal secrets are made; without it the data directory':
    'Datei mit mindestens 32 Zeichen, auf allen Rechnern dieselbe, aus der die Schlüssel für Geheimnisse entstehen; ohne Angabe das Datenverzeichnis',
  'lanes of background work that a server does beside its answers; none leaves all of them to annolith work':
    'Arten von Hintergrundarbeit, die ein Server neben seinen Antworten erledigt; „none“ überlässt alle annolith work',
  'when the server backs itself up, as "minute hour day month weekday" or @daily; without it only annolith backup does':
    'wann sich der Server selbst sichert, als „Minute Stunde Tag Monat Wochentag“ oder @daily; ohne Angabe sichert nur annolith backup',
  'where backups of the server go: a folder, or s3://bucket/prefix?endpoint=…&region=… with the keys in AWS_ variables':
    'wohin Sicherungen des Servers gehen: ein Ordner oder s3://bucket/prefix?endpoint=…&region=… mit den Schlüsseln in AWS_-Variablen',
  'who may register': 'wer sich registrieren darf',
}
