{{/* Variables of a run: those of load/README.md, and k6's own. */}}
{{- define "load.env" -}}
{{- $targets := list }}
{{- range .Values.targets }}
{{- $targets = append $targets (printf "%s=%s" .name (.url | default (printf "http://%s:8080" (include "load.host" (list $ .name))))) }}
{{- end }}
{{- $env := dict
  "TARGETS" (join "," $targets)
  "PROFILE" .Values.profile
  "RATE" .Values.rate
  "PACE" .Values.pace
  "FAULT" (.Values.fault | ternary "on" "off")
  "TRACES" .Values.traces
  "SEED" .Values.seed
  "RUN_ID" (.Release.Name | trunc 64)
  "METRICS_URL" .Values.metricsUrl
  "YES" .Values.mayHurt
  "K6_AUTO_EXTENSION_RESOLUTION" "false"
  "K6_NO_USAGE_REPORT" "true"
  "XDG_CONFIG_HOME" "/tmp"
}}
{{- with .Values.cap }}{{ $_ := set $env "CAP" . }}{{ end }}
{{- if .Values.metrics.enabled }}
{{- $to := urlParse .Values.global.otlp.endpoint }}
{{- $http := eq .Values.global.otlp.protocol "http/protobuf" }}
{{- $kind := $http | ternary "HTTP" "GRPC" }}
{{- $_ := set $env "K6_OUT" "opentelemetry" }}
{{- $_ := set $env "K6_OTEL_SERVICE_NAME" "k6" }}
{{- $_ := set $env "K6_OTEL_METRIC_PREFIX" "k6_" }}
{{- $_ := set $env "K6_OTEL_EXPORTER_PROTOCOL" ($http | ternary "http/protobuf" "grpc") }}
{{- $_ := set $env (printf "K6_OTEL_%s_EXPORTER_ENDPOINT" $kind) $to.host }}
{{- $_ := set $env (printf "K6_OTEL_%s_EXPORTER_INSECURE" $kind) (eq $to.scheme "http") }}
{{- with .Values.global.otlp.headersSecret }}
{{- if .name }}{{ $_ := set $env "K6_OTEL_HEADERS" (dict "valueFrom" (dict "secretKeyRef" .)) }}{{ end }}
{{- end }}
{{- if $http }}{{ $_ := set $env "K6_OTEL_HTTP_EXPORTER_URL_PATH" (printf "%s/v1/metrics" (trimSuffix "/" $to.path)) }}{{ end }}
{{- end }}
{{- with .Values.faults.adminTokenSecret }}
{{- if .name }}{{ $_ := set $env "FAULTS_ADMIN_TOKEN" (dict "valueFrom" (dict "secretKeyRef" .)) }}{{ end }}
{{- end }}
{{- range $name, $value := $env }}
- name: {{ quote $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Another one with every change of a script. AsConfig would forget folders: of two files of a name it has either. */}}
{{- define "load.scriptsHash" -}}
{{- .Files.Glob "scripts/**.ts" | toJson | sha256sum | trunc 16 -}}
{{- end }}

{{/* load/ as a volume: a key of a ConfigMap has no slash. */}}
{{- define "load.scriptsVolume" -}}
name: scripts
configMap:
  name: {{ include "load.fullname" . }}
  items:
    {{- range $path, $_ := .Files.Glob "scripts/**.ts" }}
    {{- $path = trimPrefix "scripts/" $path }}
    - key: {{ replace "/" "__" $path }}
      path: {{ $path }}
    {{- end }}
{{- end }}

{{/* Template of the pods of a Deployment or a Job: (list ROOT RESTART_POLICY). */}}
{{- define "load.podTemplate" -}}
{{- $root := index . 0 -}}
{{- with $root -}}
metadata:
  labels:
    {{- include "load.podLabels" . | nindent 4 }}
  annotations:
    clew.dev/scripts: {{ include "load.scriptsHash" . | quote }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  restartPolicy: {{ index $ 1 }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  # For requests under way, and the end of a fault.
  terminationGracePeriodSeconds: 60
  {{- with concat .Values.global.imagePullSecrets .Values.imagePullSecrets | uniq }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.podSecurityContext | nindent 4 }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .Values.name }}
      image: {{ include "load.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [run, --quiet, /scripts/scenarios/{{ .Values.scenario }}.ts]
      securityContext:
        {{- toYaml .Values.containerSecurityContext | nindent 8 }}
      env:
        {{- include "load.env" . | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: scripts
          mountPath: /scripts
        - name: tmp
          mountPath: /tmp
  volumes:
    - {{- include "load.scriptsVolume" . | nindent 6 }}
    - name: tmp
      emptyDir:
        sizeLimit: 16Mi
{{- end }}
{{- end }}
