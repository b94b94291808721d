{{/* What several templates say in the same words. */}}
{{- define "annolith.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "annolith.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "annolith.labels" -}}
{{ include "annolith.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "annolith.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "annolith.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ .Values.serviceAccount.name | default (include "annolith.name" .) }}{{ else }}{{ .Values.serviceAccount.name | default "default" }}{{ end -}}
{{- end }}

{{- define "annolith.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* One kind of pods. Takes root, component, kind (the values of it), args and what its container adds. */}}
{{- define "annolith.deployment" -}}
{{- $root := .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "annolith.name" $root }}-{{ .component }}
  labels:
    {{- include "annolith.labels" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  {{- if not .kind.autoscaling.enabled }}
  replicas: {{ .kind.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "annolith.selector" $root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
  template:
    metadata:
      labels:
        {{- include "annolith.labels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ .component }}
      {{- with $root.Values.podAnnotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "annolith.serviceAccount" $root }}
      automountServiceAccountToken: false
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      terminationGracePeriodSeconds: {{ .kind.terminationGracePeriodSeconds | default 15 }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: annolith
          image: {{ include "annolith.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: {{ toJson .args }}
          env:
            - { name: ANNOLITH_DATA_DIR, value: /var/lib/annolith }
            - { name: ANNOLITH_HOST, value: 0.0.0.0 }
            - { name: ANNOLITH_PORT, value: "8080" }
            - { name: ANNOLITH_PUBLIC_URL, value: {{ $root.Values.publicUrl | quote }} }
            - { name: DATABASE_URL_FILE, value: /run/secrets/annolith/database-url }
            - { name: REDIS_URL_FILE, value: /run/secrets/annolith/redis-url }
            - { name: ANNOLITH_SECRET_KEY_FILE, value: /run/secrets/annolith/secret-key }
            - { name: ANNOLITH_ADMIN_PASSWORD_FILE, value: /run/secrets/annolith/admin-password }
            {{- if $root.Values.storage.address }}
            - { name: ANNOLITH_STORAGE, value: {{ $root.Values.storage.address | quote }} }
            - { name: AWS_ACCESS_KEY_ID_FILE, value: /run/secrets/annolith/s3-key }
            - { name: AWS_SECRET_ACCESS_KEY_FILE, value: /run/secrets/annolith/s3-secret }
            {{- end }}
            {{- range $name, $value := $root.Values.options }}
            - { name: {{ $name }}, value: {{ $value | quote }} }
            {{- end }}
            {{- with .env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with .container }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
          resources: {{- toYaml .kind.resources | nindent 12 }}
          securityContext: {{- include "annolith.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - { name: data, mountPath: /var/lib/annolith }
            - { name: tmp, mountPath: /tmp }
            - { name: secrets, mountPath: /run/secrets/annolith, readOnly: true }
      volumes:
        - name: data
          {{- if $root.Values.storage.address }}
          emptyDir: { sizeLimit: {{ $root.Values.storage.scratch.sizeLimit }} }
          {{- else }}
          persistentVolumeClaim:
            claimName: {{ $root.Values.storage.volume.existingClaim | default (printf "%s-data" (include "annolith.name" $root)) }}
          {{- end }}
        - name: tmp
          emptyDir: {}
        - name: secrets
          secret:
            secretName: {{ $root.Values.existingSecret }}
            defaultMode: 0440
      {{- with $root.Values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $root.Values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: {{ $root.Values.topologyKey }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "annolith.selector" $root | nindent 14 }}
              app.kubernetes.io/component: {{ .component }}
{{- end }}
