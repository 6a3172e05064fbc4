{{/* Whether there is something to verify, and somewhere to look. */}}
{{- define "clew.verifies" -}}
{{- $verify := .Values.tests.verify -}}
{{- $services := omit .Subcharts "load" -}}
{{- if and $services (or $verify.prometheus $verify.loki $verify.tempo $verify.jaeger) }}true{{ end -}}
{{- end }}

{{- define "clew.verifyName" -}}
{{- include "service.nameInRelease" (list . "verify-test") -}}
{{- end }}

{{- define "clew.verifySelectorLabels" -}}
app.kubernetes.io/name: helm-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: verify
{{- end }}

{{/* As the tests of a service have it, and after them: (list ROOT WEIGHT). */}}
{{- define "clew.verifyMetadata" -}}
{{- $root := index . 0 -}}
name: {{ include "clew.verifyName" $root }}
namespace: {{ $root.Release.Namespace | quote }}
labels:
  {{- include "clew.verifySelectorLabels" $root | nindent 2 }}
  app.kubernetes.io/part-of: clew
  app.kubernetes.io/managed-by: {{ $root.Release.Service }}
  helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
annotations:
  helm.sh/hook: test
  helm.sh/hook-weight: {{ index . 1 | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
  helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
  {{- with $root.Values.tests.verify.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "clew.verifyImage" -}}
{{- $image := .Values.tests.verify.image -}}
{{- with .Values.global.imageRegistry | default $image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ $image.repository }}
{{- with $image.digest }}@{{ . }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}
